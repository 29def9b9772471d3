ctx.minimum_version = 0x0301
ctx.minimum_version = 0x0303
