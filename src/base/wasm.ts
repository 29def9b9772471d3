/** The part of TypeScript's library for browsers that every JavaScript engine has. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}

/** A new instance of a WebAssembly program that imports nothing: what it exports, its memory among it. */
export function startProgram<Exports extends { memory: { buffer: ArrayBuffer } }>(
  program: Uint8Array,
): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(program)).exports as Exports
}
