/** Chooses rows at random, as the permutation of a stream of src/math/random.ts chooses them (AssemblyScript). */

const M0: u64 = 0xD2511F53
const M1: u64 = 0xCD9E8D57
const W0: u32 = 0x9E3779B9
const W1: u32 = 0xBB67AE85

/** The next two numbers of a stream, each on [0, 1) with 53 bits. */
let first: f64 = 0
let second: f64 = 0

/**
 * Marks the rows that the first places of the stream's permutation have. What is drawn last only changes their order among
 * themselves: it is left out.
 * @param order  Uint32 for each row, of no use afterwards
 * @param marks  a byte for each row: 1 where it is chosen
 */
export function choose (key0: u32, key1: u32, count: u32, wanted: u32, order: usize, marks: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(order + (i << 2), i)
  let block: u32 = 0
  for (let i = count; i-- > wanted;) {
    const isFirst = (count - 1 - i) % 2 == 0
    if (isFirst) philox(key0, key1, block++)
    const place = order + (i << 2)
    const other = order + (<u32>((isFirst ? first : second) * <f64>(i + 1)) << 2)
    const row = load<u32>(place)
    store<u32>(place, load<u32>(other))
    store<u32>(other, row)
  }
  memory.fill(marks, 0, count)
  for (let i: u32 = 0; i < wanted; i++) store<u8>(marks + load<u32>(order + (i << 2)), 1)
}

/** Philox4x32-10 of a block's number. */
function philox (key0: u32, key1: u32, block: u32): void {
  let c0 = block
  let c1: u32 = 0
  let c2: u32 = 0
  let c3: u32 = 0
  for (let round = 0; round < 10; round++) {
    const product0 = M0 * c0
    const product1 = M1 * c2
    c0 = <u32>(product1 >> 32) ^ c1 ^ key0
    c1 = <u32>product1
    c2 = <u32>(product0 >> 32) ^ c3 ^ key1
    c3 = <u32>product0
    key0 += W0
    key1 += W1
  }
  first = uniform(c0, c1)
  second = uniform(c2, c3)
}

// @ts-ignore: decorator
@inline
function uniform (high: u32, low: u32): f64 {
  return <f64>((<u64>(high >> 5) << 26) | <u64>(low >> 6)) / 9007199254740992
}
