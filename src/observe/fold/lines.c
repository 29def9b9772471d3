// Counts the lines of a log by the texts that make a difference: the part of the fold that has to look at every byte. Built by
// scripts/build-wasm.mjs; line-counter.ts calls it and says what is what. No library, no allocation: all memory is in the arrays below, of which
// only what is used becomes real.
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(#name)))
#define PARTS 64
#define KEYS 6
#define ASKED 8

/** `word` from 1 or, negative, from the end of the part; 0: all from the start of `part` to the end of the part `to`. */
typedef struct {
  int part, to, word;
} Place;

/** What line-counter.ts fills in, in this order. */
static struct {
  u64 seed;
  u64 asked_among[ASKED];
  int parts, clock_after;
  int keys, asked, has_asked, has_address, lists_lines;
  Place key[KEYS], asked_place, address_place;
} plan;

/** A line that is handed on as it stands. */
typedef struct {
  u32 start, end, nth;
} Odd;

#define MOST_ODD 4096
static Odd odd[MOST_ODD];
static u32 odd_count;

/** Bytes of the file; what lies behind them may be read and does not matter. */
#define CHUNK_BYTES ((66u << 20))
static u8 chunk[CHUNK_BYTES + 128];

typedef struct {
  u32 from, to;
} Span;

/** A group, known by its first line. What is looked at for every line of it lies in the first 192 bytes, since waiting for memory takes longest. */
typedef struct {
  u32 stamp, line_length, first_second, last_second;
  u32 last_address, piece, nth, number;
  /** Where the keys lie in `line`. */
  struct {
    u16 from, to;
  } key[8];
  /** Hashes of the addresses seen last. */
  u64 addresses[4];
  u32 by_hour[24];
  u8 line[];
} Group;

#define LONGEST_KEPT 65535u
#define GROUPS_BYTES (128u << 20)
static u8 groups[GROUPS_BYTES] __attribute__((aligned(64)));
static u32 groups_used;

typedef struct {
  u32 hash, group;
} Slot;

#define SLOTS (1u << 19)
static Slot slots[SLOTS];
static u32 slots_used;

/** Addresses of groups: the one before of the same group, the length, the bytes. */
#define ADDRESSES_BYTES (48u << 20)
#define LONGEST_ADDRESS 255u
static u8 addresses[ADDRESSES_BYTES];
static u32 addresses_used;
/** Hashes of a group and an address that it has. */
#define SEEN_SLOTS (1u << 21)
static u64 seen[SEEN_SLOTS];
static u32 seen_used;

/** How many groups there were, those that were handed on too. */
static u32 groups_numbered;

/** Plain lines one by one, where these are asked for: each with the number of its group and what is its own. */
#define MOST_LISTED (1u << 17)
#define LISTED_ADDRESSES_BYTES (8u << 20)
static u32 listed_nth[MOST_LISTED], listed_second[MOST_LISTED], listed_group[MOST_LISTED];
static u8 listed_addresses[LISTED_ADDRESSES_BYTES];
static u32 listed, listed_addresses_used;

/** Lines with another number of parts, of which the reading says the same whatever else they hold; the first of them. */
static u32 broken_lines, broken_piece, broken_nth, broken_length;
static u8 broken_line[LONGEST_KEPT + 16];

/** The time of the last plain line as it stands there, and what it means: a number for its day, and the second of that. */
static u8 time_text[32];
static u32 time_day, time_second;
/** Days as they stand there, with how far the zone shifts them. */
#define MOST_DAYS 1024
static u8 days[MOST_DAYS][16];
static u32 days_count;

static u32 nth;

EXPORT(plan) void *plan_at(void) { return &plan; }
EXPORT(chunk) void *chunk_at(void) { return chunk; }
EXPORT(chunkBytes) u32 chunk_bytes(void) { return CHUNK_BYTES; }
EXPORT(odd) void *odd_at(void) { return odd; }

/** How many lines were passed on since this was asked last. */
EXPORT(oddCount) u32 take_odd_count(void) {
  u32 count = odd_count;
  odd_count = 0;
  return count;
}

/** Starts another piece; answers how many lines the one before had. */
EXPORT(nextPiece) u32 next_piece(void) {
  u32 lines = nth;
  nth = 0;
  return lines;
}

EXPORT(groupsNumbered) u32 count_of_groups(void) { return groups_numbered; }
EXPORT(listed) u32 count_of_listed(void) { return listed; }
EXPORT(listedNth) void *listed_nth_at(void) { return listed_nth; }
EXPORT(listedSecond) void *listed_second_at(void) { return listed_second; }
EXPORT(listedGroup) void *listed_group_at(void) { return listed_group; }
EXPORT(listedAddresses) void *listed_addresses_at(void) { return listed_addresses; }
EXPORT(listedAddressesBytes) u32 listed_addresses_bytes(void) { return listed_addresses_used; }
EXPORT(clearListed) void clear_listed(void) { listed = listed_addresses_used = 0; }

static inline u64 eight(const u8 *at) {
  u64 value;
  __builtin_memcpy(&value, at, 8);
  return value;
}

static inline u64 mixed(u64 hash) {
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93ull;
  return hash ^ (hash >> 32);
}

/** The first bytes of eight, the others zero. */
static inline u64 first_of(u64 value, u32 count) { return count >= 8 ? value : value & ((1ull << (8 * count)) - 1); }

static inline u64 hash_of(u64 seed, const u8 *at, u32 length) {
  u64 one = seed ^ length, two = seed + 0x9e3779b97f4a7c15ull;
  for (; length >= 16; length -= 16, at += 16) {
    one = (one ^ eight(at)) * 0x9fb21c651e98df25ull;
    two = (two ^ eight(at + 8)) * 0xa0761d6478bd642full;
    one ^= one >> 29;
    two ^= two >> 31;
  }
  if (length > 0) one = (one ^ first_of(eight(at), length)) * 0x9fb21c651e98df25ull;
  if (length > 8) two = (two ^ first_of(eight(at + 8), length - 8)) * 0xa0761d6478bd642full;
  return mixed(one ^ (two >> 17) ^ (two << 47));
}

static inline int is_equal(const u8 *a, const u8 *b, u32 length) {
  for (; length >= 16; length -= 16, a += 16, b += 16)
    if (wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(a), wasm_v128_load(b))) != 0xffff) return 0;
  u32 wanted = (1u << length) - 1;
  return (wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(a), wasm_v128_load(b))) & wanted) == wanted;
}

static inline void copy(u8 *to, const u8 *from, u32 length) {
  for (; length >= 16; length -= 16, to += 16, from += 16) wasm_v128_store(to, wasm_v128_load(from));
  while (length-- > 0) *to++ = *from++;
}

/** Values for the engine, as its binary formats have them. */
static u8 *put_number(u8 *at, u32 number) {
  __builtin_memcpy(at, &number, 4);
  return at + 4;
}

static u8 *put_length(u8 *at, u32 number) {
  for (; number >= 128; number >>= 7) *at++ = (u8)(number | 128);
  *at++ = (u8)number;
  return at;
}

static u8 *put_text(u8 *at, const u8 *text, u32 length) {
  at = put_length(at, length);
  copy(at, text, length);
  return at + length;
}

/** A bit for each of 64 bytes that is a quotation mark or the end of a line. */
static inline u64 marks_in(const u8 *at) {
  const v128_t quote = wasm_i8x16_splat('"'), newline = wasm_i8x16_splat('\n');
  u64 marks = 0;
  for (int part = 0; part < 4; part++) {
    v128_t bytes = wasm_v128_load(at + 16 * part);
    v128_t found = wasm_v128_or(wasm_i8x16_eq(bytes, quote), wasm_i8x16_eq(bytes, newline));
    marks |= (u64)wasm_i8x16_bitmask(found) << (16 * part);
  }
  return marks;
}

/** Of backslashes side by side the first escapes the second, and so on. */
static int is_escaped(const u8 *at, const u8 *start) {
  const u8 *first = at;
  while (first > start && first[-1] == '\\') first--;
  return (at - first) & 1;
}

static inline int is_space(u8 byte) { return byte == ' ' || (byte >= 9 && byte <= 13); }

/** The word of that number; where there is none, the two ends are the same. */
static inline Span word_in(u32 from, u32 to, int word) {
  Span span = {from, from};
  if (word > 0) {
    for (u32 at = from; word > 0; word--) {
      while (at < to && is_space(chunk[at])) at++;
      span.from = at;
      while (at < to && !is_space(chunk[at])) at++;
      span.to = at;
    }
    return span;
  }
  for (u32 at = to; word < 0; word++) {
    while (at > from && is_space(chunk[at - 1])) at--;
    span.to = at;
    while (at > from && !is_space(chunk[at - 1])) at--;
    span.from = at;
  }
  return span;
}

/** `ends[n]` is where the n-th part ends, with its quotation mark; `ends[0]` lies before the line. */
static inline Span span_of(const Place *place, const u32 *ends) {
  u32 from = ends[place->part - 1] + 1, to = ends[place->to];
  if (place->word != 0) return word_in(from, to, place->word);
  return (Span){from, to};
}

static inline int digit(u8 byte) { return byte >= '0' && byte <= '9' ? byte - '0' : 10000; }
static inline int pair(const u8 *at) { return digit(at[0]) * 10 + digit(at[1]); }

/** `[22/Nov/2026:17:28:05 +0000]`; mostly it is the one of the line before. */
#define TIME_LENGTH 28
#define DAY_LENGTH 11
static inline int is_time(const u8 *at) {
  v128_t same = wasm_v128_and(wasm_i8x16_eq(wasm_v128_load(at), wasm_v128_load(time_text)),
                              wasm_i8x16_eq(wasm_v128_load(at + 12), wasm_v128_load(time_text + 12)));
  if (wasm_i8x16_all_true(same)) return 1;
  if (at[0] != '[' || at[12] != ':' || at[15] != ':' || at[18] != ':' || at[21] != ' ' || at[27] != ']') return 0;
  int hour = pair(at + 13), minute = pair(at + 16), second = pair(at + 19);
  int ahead = pair(at + 23) * 3600 + pair(at + 25) * 60;
  if (hour > 23 || minute > 59 || second > 60 || ahead > 100 * 3600 || (at[22] != '+' && at[22] != '-')) return 0;
  int utc = hour * 3600 + minute * 60 + second - (at[22] == '+' ? ahead : -ahead);
  int shift = utc < 0 ? -1 : utc >= 86400 ? 1 : 0;
  utc -= shift * 86400;
  if (utc < 0 || utc >= 86400) return 0;
  u8 day[16] = {0};
  __builtin_memcpy(day, at + 1, DAY_LENGTH);
  day[DAY_LENGTH] = (u8)(shift + 1);
  u32 found = 0;
  while (found < days_count && !is_equal(days[found], day, 12)) found++;
  if (found == MOST_DAYS) return 0;
  if (found == days_count) __builtin_memcpy(days[days_count++], day, 16);
  time_day = found;
  time_second = (u32)utc;
  __builtin_memcpy(time_text, at, TIME_LENGTH);
  return 1;
}

/** Whether nobody can take it for anything but an address, so that what a reading makes of the line does not depend on it. */
static inline int is_like_address(const u8 *at, u32 length) {
  int marks = 0;
  for (u32 each = 0; each < length; each++) {
    u8 byte = at[each], letter = byte | 32;
    if (byte == '.' || byte == ':')
      marks = 1;
    else if ((byte < '0' || byte > '9') && (letter < 'a' || letter > 'f'))
      return 0;
  }
  return marks;
}

/** A plain line that waits for its group to be found. */
typedef struct {
  u64 hash, address_hash;
  u32 start, end, nth, stamp, second;
  Span key[KEYS], address;
} Line;

/** So many are looked up together, since memory then is waited for once. */
#define BATCH 64
static Line batch[BATCH];

/** Whether the line is plain, and what there is to know of it. */
static inline int look_at(Line *line, u32 *ends, u32 start, u32 end) {
  const v128_t blank = wasm_i8x16_splat(' ');
  u32 space = start;
  for (;; space += 16) {
    v128_t bytes = wasm_v128_load(chunk + space);
    v128_t found = wasm_v128_or(wasm_u8x16_le(bytes, blank), wasm_i8x16_eq(bytes, wasm_i8x16_splat('[')));
    u32 marks = wasm_i8x16_bitmask(found);
    if (marks == 0) continue;
    space += __builtin_ctz(marks);
    break;
  }
  u32 bracket = space + (u32)plan.clock_after;
  if (chunk[space] != ' ' || bracket + TIME_LENGTH > end) return 0;
  // In a user there may be another bracket, and the reading may look for the time from the end of its part.
  for (u32 at = space; at < bracket; at++)
    if (chunk[at] == '[') return 0;
  for (u32 at = bracket + TIME_LENGTH; at < ends[1]; at++)
    if (chunk[at] == '[') return 0;
  if (!is_time(chunk + bracket)) return 0;
  line->start = start;
  line->end = end;
  line->nth = nth;
  line->second = time_second;
  line->stamp = time_day << 1;
  u64 hash = plan.seed;
  if (plan.has_asked) {
    Span asked = span_of(&plan.asked_place, ends);
    u64 text = asked.to - asked.from > 8 ? 0 : first_of(eight(chunk + asked.from), asked.to - asked.from);
    for (int each = 0; each < plan.asked; each++)
      if (text == plan.asked_among[each]) line->stamp |= 1;
  }
  hash += line->stamp;
  for (int each = 0; each < plan.keys; each++) {
    Span span = span_of(&plan.key[each], ends);
    line->key[each] = span;
    hash = hash_of(hash, chunk + span.from, span.to - span.from);
  }
  line->hash = hash;
  if (plan.has_address) {
    line->address = span_of(&plan.address_place, ends);
    u32 length = line->address.to - line->address.from;
    if (length > LONGEST_ADDRESS) return 0;
    if (plan.lists_lines) return is_like_address(chunk + line->address.from, length);
    line->address_hash = hash_of(hash, chunk + line->address.from, length) | 1;
  }
  return 1;
}

static inline int is_of(const Group *group, const Line *line) {
  if (group->stamp != line->stamp) return 0;
  for (int each = 0; each < plan.keys; each++) {
    u32 from = group->key[each].from, length = group->key[each].to - from;
    if (length != line->key[each].to - line->key[each].from) return 0;
    if (!is_equal(group->line + from, chunk + line->key[each].from, length)) return 0;
  }
  return 1;
}

static Group *new_group(const Line *line, u32 piece) {
  Group *group = (Group *)(groups + groups_used);
  u32 length = line->end - line->start;
  groups_used += (sizeof(Group) + length + 16 + 63) & ~63u;
  __builtin_memset(group, 0, sizeof(Group));
  group->stamp = line->stamp;
  group->line_length = length;
  group->first_second = 86400;
  group->piece = piece;
  group->nth = line->nth;
  group->number = groups_numbered++;
  for (int each = 0; each < plan.keys; each++) {
    group->key[each].from = (u16)(line->key[each].from - line->start);
    group->key[each].to = (u16)(line->key[each].to - line->start);
  }
  copy(group->line, chunk + line->start, length);
  return group;
}

static inline Group *group_of(const Line *line, u32 piece) {
  u32 hash = (u32)line->hash;
  u32 at = hash & (SLOTS - 1);
  for (; slots[at].group != 0; at = (at + 1) & (SLOTS - 1)) {
    if (slots[at].hash != hash) continue;
    Group *group = (Group *)(groups + slots[at].group - 1);
    if (is_of(group, line)) return group;
  }
  slots[at].hash = hash;
  slots[at].group = groups_used + 1;
  slots_used++;
  return new_group(line, piece);
}

static void add_address(Group *group, const Line *line) {
  u32 at = (u32)(line->address_hash >> 20) & (SEEN_SLOTS - 1);
  for (; seen[at] != 0; at = (at + 1) & (SEEN_SLOTS - 1))
    if (seen[at] == line->address_hash) return;
  seen[at] = line->address_hash;
  seen_used++;
  u32 length = line->address.to - line->address.from;
  u8 *entry = addresses + addresses_used;
  __builtin_memcpy(entry, &group->last_address, 4);
  entry[4] = (u8)length;
  copy(entry + 5, chunk + line->address.from, length);
  group->last_address = addresses_used + 1;
  addresses_used += 5 + length;
}

static inline void list(const Group *group, const Line *line) {
  listed_nth[listed] = line->nth;
  listed_second[listed] = line->second;
  listed_group[listed++] = group->number;
  u32 length = plan.has_address ? line->address.to - line->address.from : 0;
  u8 *end = put_text(listed_addresses + listed_addresses_used, chunk + line->address.from, length);
  listed_addresses_used = (u32)(end - listed_addresses);
}

static inline void count(Group *group, const Line *line) {
  if (plan.lists_lines) {
    list(group, line);
    return;
  }
  group->by_hour[line->second / 3600]++;
  if (line->second < group->first_second) group->first_second = line->second;
  if (line->second > group->last_second) group->last_second = line->second;
  if (!plan.has_address) return;
  u64 hash = line->address_hash;
  u64 *known = group->addresses;
  if (known[0] == hash || known[1] == hash || known[2] == hash || known[3] == hash) return;
  known[(hash >> 40) & 3] = hash;
  add_address(group, line);
}

static u32 touched;

static void count_batch(u32 size, u32 piece) {
  // Nothing depends on what is read here, so that the processor waits for all of it at the same time.
  u32 sum = 0;
  for (u32 each = 0; each < size; each++) sum += slots[(u32)batch[each].hash & (SLOTS - 1)].group;
  for (u32 each = 0; each < size; each++) {
    const Line *line = &batch[each];
    Slot slot = slots[(u32)line->hash & (SLOTS - 1)];
    const Group *group = (const Group *)(groups + (slot.group == 0 ? 0 : slot.group - 1));
    u32 key = plan.keys > 0 ? line->key[0].from - line->start : 0;
    sum += group->stamp + group->by_hour[0] + group->by_hour[23] + group->line[key] + group->line[key + 64];
  }
  touched += sum;
  for (u32 each = 0; each < size; each++) count(group_of(&batch[each], piece), &batch[each]);
}

static void add_broken(u32 start, u32 end, u32 piece) {
  if (broken_lines++ > 0) return;
  broken_piece = piece;
  broken_nth = nth;
  broken_length = end - start;
  copy(broken_line, chunk + start, broken_length);
}

/** Whether another batch of lines finds room. */
static int has_room(void) {
  return groups_used + BATCH * (sizeof(Group) + LONGEST_KEPT + 128) < GROUPS_BYTES && slots_used + BATCH < SLOTS / 2 &&
         addresses_used + BATCH * (LONGEST_ADDRESS + 32) < ADDRESSES_BYTES && seen_used + BATCH < SEEN_SLOTS / 2 &&
         broken_lines < (1u << 30) && odd_count + BATCH < MOST_ODD && listed + BATCH < MOST_LISTED &&
         listed_addresses_used + BATCH * (LONGEST_ADDRESS + 2) < LISTED_ADDRESSES_BYTES;
}

/**
 * Counts the lines from `from` to `to`, where the last one ends. Answers how far it came: when that is not `to`, what was counted is to be handed
 * on, and lines that are not plain are to be fetched, before the rest is.
 */
EXPORT(take) u32 take(u32 from, u32 to, u32 piece) {
  u32 ends[PARTS + 1];
  u32 start = from;
  while (start < to && has_room()) {
    u32 size = 0;
    for (u32 looked = 0; looked < BATCH && start < to; looked++) {
      u32 parts = 0, end;
      ends[0] = start - 1;
      u32 at = start;
      u64 marks = marks_in(chunk + at);
      for (;;) {
        while (marks == 0) {
          at += 64;
          marks = marks_in(chunk + at);
        }
        end = at + (u32)__builtin_ctzll(marks);
        marks &= marks - 1;
        if (chunk[end] == '\n') break;
        if (end > start && chunk[end - 1] == '\\' && is_escaped(chunk + end, chunk + start)) continue;
        if (++parts < PARTS) ends[parts] = end;
      }
      u32 length = end - start;
      u8 first = chunk[start];
      // Marks and zeros at the start are taken off before a line is read, and what is left may be empty.
      if (length < 2 || length > LONGEST_KEPT || first == 0xef || first == 0)
        odd[odd_count++] = (Odd){start, end, nth};
      else if (++parts != (u32)plan.parts && !plan.lists_lines)
        add_broken(start, end, piece);
      else if (parts != (u32)plan.parts)
        odd[odd_count++] = (Odd){start, end, nth};
      else {
        ends[parts] = end;
        if (look_at(&batch[size], ends, start, end))
          size++;
        else
          odd[odd_count++] = (Odd){start, end, nth};
      }
      nth++;
      start = end + 1;
    }
    count_batch(size, piece);
  }
  return start;
}

/** Rows for the engine, in its format RowBinary. */
#define ROWS_BYTES (1u << 20)
#define MOST_ADDRESSES 256
static u8 rows[ROWS_BYTES];
static u32 next_group, next_address;

EXPORT(rows) void *rows_at(void) { return rows; }

/** A group; with more addresses than a row may have, others of no lines follow. */
static u8 *put_group(u8 *at, const Group *group) {
  int is_first = next_address == 0;
  u32 lines = 0;
  for (int hour = 0; hour < 24; hour++) lines += group->by_hour[hour];
  at = put_number(at, group->piece);
  at = put_number(at, group->nth);
  *at++ = 1;
  at = put_number(at, group->number);
  at = put_number(at, is_first ? lines : 0);
  at = put_number(at, group->first_second);
  at = put_number(at, group->last_second);
  at = put_length(at, 24);
  for (int hour = 0; hour < 24; hour++) at = put_number(at, is_first ? group->by_hour[hour] : 0);
  if (is_first) next_address = group->last_address;
  u32 some = 0, last = next_address;
  for (; last != 0 && some < MOST_ADDRESSES; some++) __builtin_memcpy(&last, addresses + last - 1, 4);
  at = put_length(at, some);
  for (; some > 0; some--) {
    const u8 *entry = addresses + next_address - 1;
    at = put_text(at, entry + 5, entry[4]);
    __builtin_memcpy(&next_address, entry, 4);
  }
  return put_text(at, group->line, group->line_length);
}

static u8 *put_broken(u8 *at) {
  at = put_number(at, broken_piece);
  at = put_number(at, broken_nth);
  *at++ = 0;
  at = put_number(at, 0);
  at = put_number(at, broken_lines);
  at = put_number(at, 0);
  at = put_number(at, 0);
  at = put_length(at, 0);
  at = put_length(at, 0);
  return put_text(at, broken_line, broken_length);
}

/** Writes rows of what was counted; answers how many bytes they have. 0: there are no more, and all is empty again. */
EXPORT(handOn) u32 hand_on(void) {
  u8 *at = rows;
  const u8 *most = rows + ROWS_BYTES - 2 * (LONGEST_KEPT + 1) - MOST_ADDRESSES * (LONGEST_ADDRESS + 2);
  if (broken_lines > 0) at = put_broken(at);
  broken_lines = 0;
  while (next_group < groups_used && at < most) {
    const Group *group = (const Group *)(groups + next_group);
    at = put_group(at, group);
    if (next_address == 0) next_group += (sizeof(Group) + group->line_length + 16 + 63) & ~63u;
  }
  if (at > rows) return (u32)(at - rows);
  __builtin_memset(slots, 0, sizeof slots);
  __builtin_memset(seen, 0, sizeof seen);
  groups_used = slots_used = addresses_used = seen_used = next_group = next_address = 0;
  return 0;
}
