// What places are written with, as parts of patterns over a text in lower case. Each begins with what is rare and looks back from there: a pattern that
// begins by looking back does so at every letter.

/** From the quote to the first version of a list: what may stand there, a setting's name of Spring included. */
const listStart = /["'`](?:\$\{[\w.-]{1,80}:)?(?:[\s,;:|+!&()[\]-]|all|sslv2hello|tls|or|and){0,40}/.source

/** A version by name at the head of a text in quotes. */
export const quotedVersion = `(?:ssl|tls)(?<=${listStart}(?:version|protocol_)?d?...)(?:protocol)?[ _-]?v?[ _-]?[123](?:[._-]?[0-3])?(?![a-z\\d])`

/** A version by number at the head of a text in quotes. */
export const quotedNumber = `(?:1[._]|0x0?30)[0-4](?![\\w.])(?<=${listStart}v?(?:1|0x0?30)..?)`
