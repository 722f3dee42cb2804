/**
 * Finds lines 64 bytes at a time, tells which of them begin in a way that was asked for, and reads two numbers there. This
 * is AssemblyScript, which looks like TypeScript and becomes WebAssembly: `npm run wasm` makes `../scan.wasm.ts` of it, and
 * a test holds the two together. `../scanner.ts` lays out the memory.
 */

const NEWLINE: u8 = 10;
const RETURN: u8 = 13;
const COMMA: u8 = 44;
const POINT: u8 = 46;
const ZERO: u8 = 48;
/** Whole numbers up to here are exact as 64-bit floats. */
const MAX_EXACT: u64 = 9007199254740991;
const BLOCK: usize = 64;

/** Where the parts of a beginning stand in its entry: 64 bytes of text, 64 that mask them, and two numbers. */
const MASK: usize = 64;
/** Bytes of the text. */
const SIZE: usize = 128;
/** The beginning that came after it last: a request's lines come in one order. */
const NEXT: usize = 132;
const ENTRY: usize = 136;

/** Where the parts of a line stand that is told of, after its beginning: the numbers stop before AFTER. */
const START: usize = 4;
const END: usize = 8;
const AFTER: usize = 12;
const FIRST: usize = 16;
const SECOND: usize = 24;
const LINE: usize = 32;

/** The memory begins with the beginnings, those that are asked for first. */
let count: i32 = 0;
let askedCount: i32 = 0;
let ending: u8 = 0;
let longest: i32 = 0;
let linesAt: usize = 0;
let inputAt: usize = 0;
/** The beginning of the line before. */
let previous: i32 = 0;
/** Where a number is read, and the next one after it. */
let after: usize = 0;

/** Where the line starts that the bytes so far do not end. */
export let rest: usize = 0;

export function init(
  countOfAll: i32,
  countOfAsked: i32,
  endingOrZero: u8,
  longestLine: i32,
  lines: usize,
  input: usize,
): void {
  count = countOfAll;
  askedCount = countOfAsked;
  ending = endingOrZero;
  longest = longestLine;
  linesAt = lines;
  inputAt = input;
}

/** `kept` bytes without a line break stand before the input, which has so many `bytes`. Returns how many lines it tells of. */
export function scan(kept: i32, bytes: i32): i32 {
  const end = inputAt + <usize>bytes;
  let out = linesAt;
  let start = inputAt - <usize>kept;
  for (let block = inputAt; block < end; block += BLOCK) {
    for (let breaks = breaksIn(block); breaks !== 0; breaks &= breaks - 1) {
      const stop = block + <usize>ctz(breaks);
      if (stop >= end) break; // What an earlier input left behind.
      out = line(out, start, stop);
      start = stop + 1;
    }
  }
  rest = start;
  return <i32>((out - linesAt) / LINE);
}

/** A bit for each byte. */
function breaksIn(block: usize): u64 {
  const newlines = i8x16.splat(NEWLINE);
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(block), newlines))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(block, 16), newlines)))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(block, 32), newlines)))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(block, 48), newlines)))) << 48)
  );
}

/** Writes the line down unless it is whole and passed over; returns where the next one goes. */
function line(out: usize, start: usize, stop: usize): usize {
  const end = stop - <usize>(stop > start && load<u8>(stop - 1) === RETURN);
  const beginning = beginningOf(start);
  if (beginning >= askedCount && <i32>(end - start) <= longest && isWhole(end)) return out;
  const isAsked = beginning >= 0 && beginning < askedCount;
  store<i32>(out, isAsked ? beginning : -1);
  store<i32>(out, <i32>start, START);
  store<i32>(out, <i32>end, END);
  if (isAsked) readNumbers(out, start + lengthOf(beginning));
  return out + LINE;
}

function lengthOf(beginning: i32): usize {
  return load<u32>(<usize>beginning * ENTRY, SIZE);
}

function readNumbers(out: usize, at: usize): void {
  after = at;
  store<f64>(out, decimal(), FIRST);
  store<f64>(out, decimal(), SECOND);
  store<i32>(out, <i32>after, AFTER);
}

/** Digits with an optional fraction, and a comma after them; NaN for all else, and for more digits than are exact. */
function decimal(): f64 {
  const start = after;
  let digits: u64 = 0;
  let scale: f64 = 1;
  let isFraction = false;
  // A line break ends it at the latest.
  for (let at = start; digits <= MAX_EXACT; at++) {
    const byte = load<u8>(at);
    const digit = byte - ZERO;
    if (digit <= 9) {
      digits = digits * 10 + digit;
      if (isFraction) scale *= 10;
    } else if (at === start) break;
    else if (byte === POINT && !isFraction) isFraction = true;
    else if (byte === COMMA && load<u8>(at - 1) !== POINT) {
      after = at + 1;
      return <f64>digits / scale;
    } else break;
  }
  return NaN;
}

/** Of a line that has a beginning, and so a last byte. */
function isWhole(end: usize): bool {
  return ending === 0 || load<u8>(end - 1) === ending;
}

/** -1 for a line that begins in no known way. No beginning has a line break in it, so none reaches beyond the line. */
function beginningOf(start: usize): i32 {
  if (count === 0) return -1;
  const next = <usize>previous * ENTRY + NEXT;
  const likely = load<i32>(next);
  if (begins(start, likely)) {
    previous = likely;
    return likely;
  }
  for (let beginning = 0; beginning < count; beginning++) {
    if (!begins(start, beginning)) continue;
    store<i32>(next, beginning);
    previous = beginning;
    return beginning;
  }
  return -1;
}

function begins(start: usize, beginning: i32): bool {
  const entry = <usize>beginning * ENTRY;
  const different = v128.or(differenceAt(start, entry), differenceAt(start + 16, entry + 16));
  if (v128.any_true(different)) return false;
  if (load<u32>(entry, SIZE) <= 32) return true;
  return !v128.any_true(v128.or(differenceAt(start + 32, entry + 32), differenceAt(start + 48, entry + 48)));
}

function differenceAt(text: usize, entry: usize): v128 {
  return v128.and(v128.xor(v128.load(text), v128.load(entry)), v128.load(entry, MASK));
}
