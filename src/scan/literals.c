// Looks for many literals at once in the bytes of a file, ASCII case aside: the part of the scan that sees every byte. Built by
// scripts/build-wasm.mjs; literal-tables.ts makes the tables, literal-finder.ts calls it. No library, no allocation: all memory is in the arrays below, of which
// only what is used becomes real.
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;

#define EXPORT(name) __attribute__((export_name(#name)))
/** Bytes of each literal that are looked at first. */
#define WINDOW 4
#define PIECES 512
#define HASH_BITS 12

/** Larger files are not read. What lies behind the bytes of a file may be read and does not matter. */
#define TEXT_BYTES 64000000u
static u8 text[TEXT_BYTES + 64];

/** What literal-tables.ts makes, in this order. */
static struct {
  /** By place in the window and half of a byte: the buckets, a bit each, that have a literal with it. */
  u8 low[WINDOW][16], high[WINDOW][16];
  /** By hash of the window: the first piece with it, by its number from 1. */
  unsigned short first[1 << HASH_BITS];
  /** The pieces of a hash are a list; a literal starts `offset` bytes before its window. */
  struct {
    unsigned short next;
    u8 literal, offset, length, pad[3];
    u32 pattern;
  } piece[PIECES];
  /** Literals one after the other, in lower case. */
  u8 patterns[8192];
} tables;

/** Literals seen, by their number. */
static u8 found[256];
/** Sets of literals, each a byte a literal; the search ends at the first of its set. */
static u8 wanted[128][256];

EXPORT(text) void *text_at(void) { return text; }
EXPORT(textBytes) u32 text_bytes(void) { return TEXT_BYTES; }
EXPORT(tables) void *tables_at(void) { return &tables; }
EXPORT(found) void *found_at(void) { return found; }
EXPORT(wanted) void *wanted_at(void) { return wanted; }

static inline u8 folded(u8 c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

/** Bit 5 tells upper from lower case in ASCII letters; it is left out. */
static inline u32 hash_at(u32 at) {
  u32 word;
  __builtin_memcpy(&word, text + at, 4);
  return ((word & 0xdfdfdfdf) * 0x9e3779b1u) >> (32 - HASH_BITS);
}

static int check(u32 at, u32 length, const u8 *stops) {
  for (u32 k = tables.first[hash_at(at)]; k != 0; k = tables.piece[k].next) {
    u32 literal = tables.piece[k].literal, offset = tables.piece[k].offset, size = tables.piece[k].length;
    if (found[literal] || at < offset || at - offset + size > length) continue;
    const u8 *here = text + at - offset, *pattern = tables.patterns + tables.piece[k].pattern;
    u32 same = 0;
    while (same < size && folded(here[same]) == pattern[same]) same++;
    if (same < size) continue;
    found[literal] = 1;
    if (stops[literal]) return 1;
  }
  return 0;
}

/** Whether a literal of the set is there; what was seen until then is in `found`. */
EXPORT(find) int find(u32 length, u32 set) {
  const u8 *stops = wanted[set];
  __builtin_memset(found, 0, sizeof found);
  v128_t low[WINDOW], high[WINDOW];
  for (int k = 0; k < WINDOW; k++) {
    low[k] = wasm_v128_load(tables.low[k]);
    high[k] = wasm_v128_load(tables.high[k]);
  }
  const v128_t nibble = wasm_i8x16_splat(15);
  // The engine shifts bytes by a mask that it makes anew each time; words and a mask at hand cost less.
  for (u32 at = 0; at < length; at += 16) {
    v128_t buckets = wasm_i8x16_splat(-1);
#pragma unroll
    for (int k = 0; k < WINDOW; k++) {
      v128_t bytes = wasm_v128_load(text + at + k);
      v128_t has_low = wasm_i8x16_swizzle(low[k], wasm_v128_and(bytes, nibble));
      v128_t has_high = wasm_i8x16_swizzle(high[k], wasm_v128_and(wasm_u16x8_shr(bytes, 4), nibble));
      buckets = wasm_v128_and(buckets, wasm_v128_and(has_low, has_high));
    }
    if (!wasm_v128_any_true(buckets)) continue;
    u32 places = 0xffffu & ~wasm_i8x16_bitmask(wasm_i8x16_eq(buckets, wasm_i8x16_splat(0)));
    for (; places != 0; places &= places - 1)
      if (check(at + __builtin_ctz(places), length, stops)) return 1;
  }
  return 0;
}
