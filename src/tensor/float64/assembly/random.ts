/** Philox4x32-10 as in src/math/random.ts (AssemblyScript): the same blocks, counted from `counter`, four of them at a time. */

const M0: u32 = 0xD2511F53
const M1: u32 = 0xCD9E8D57
const W0: u32 = 0x9E3779B9
const W1: u32 = 0xBB67AE85
const SCALE: f64 = 1.0 / 4294967296
/** of a block: four numbers */
const BYTES: i32 = 32

/** Writes the words of blocks counter, counter + 1, ... as numbers on [0, 1), four a block. @param count a multiple of 4 */
export function fillUniform (key0: u32, key1: u32, counter: f64, count: i32, into: usize): void {
  let block = <u64>counter
  let left = count / 4
  for (; left >= 4; left -= 4, block += 4, into += 4 * BYTES) fourBlocks(key0, key1, block, into)
  if (left == 0) return
  const rest = memory.data(4 * BYTES, 16)
  fourBlocks(key0, key1, block, rest)
  memory.copy(into, rest, left * BYTES)
}

// Vectors hold one word of four blocks each.
// @ts-ignore: decorator
@inline
function fourBlocks (key0: u32, key1: u32, block: u64, into: usize): void {
  let c0 = i32x4.splat(<i32>block)
  let c1 = i32x4.splat(<i32>(block >> 32))
  c0 = i32x4.replace_lane(c0, 1, <i32>(block + 1))
  c1 = i32x4.replace_lane(c1, 1, <i32>((block + 1) >> 32))
  c0 = i32x4.replace_lane(c0, 2, <i32>(block + 2))
  c1 = i32x4.replace_lane(c1, 2, <i32>((block + 2) >> 32))
  c0 = i32x4.replace_lane(c0, 3, <i32>(block + 3))
  c1 = i32x4.replace_lane(c1, 3, <i32>((block + 3) >> 32))
  let c2 = i32x4.splat(0)
  let c3 = i32x4.splat(0)
  let k0 = key0
  let k1 = key1
  for (let round = 0; round < 10; round++) {
    const p0 = i64x2.extmul_low_i32x4_u(c0, i32x4.splat(M0))
    const q0 = i64x2.extmul_high_i32x4_u(c0, i32x4.splat(M0))
    const p1 = i64x2.extmul_low_i32x4_u(c2, i32x4.splat(M1))
    const q1 = i64x2.extmul_high_i32x4_u(c2, i32x4.splat(M1))
    c0 = v128.xor(v128.xor(v128.shuffle<u32>(p1, q1, 1, 3, 5, 7), c1), i32x4.splat(k0))
    c1 = v128.shuffle<u32>(p1, q1, 0, 2, 4, 6)
    c2 = v128.xor(v128.xor(v128.shuffle<u32>(p0, q0, 1, 3, 5, 7), c3), i32x4.splat(k1))
    c3 = v128.shuffle<u32>(p0, q0, 0, 2, 4, 6)
    k0 += W0
    k1 += W1
  }
  // Words 0 and 1, then 2 and 3 of every block lie side by side.
  const low01 = v128.shuffle<u32>(c0, c1, 0, 4, 1, 5)
  const high01 = v128.shuffle<u32>(c0, c1, 2, 6, 3, 7)
  const low23 = v128.shuffle<u32>(c2, c3, 0, 4, 1, 5)
  const high23 = v128.shuffle<u32>(c2, c3, 2, 6, 3, 7)
  storeBoth(into, low01, low23)
  storeBoth(into + 2 * BYTES, high01, high23)
}

/** Two blocks from their words 0, 1 and their words 2, 3. */
// @ts-ignore: decorator
@inline
function storeBoth (into: usize, words01: v128, words23: v128): void {
  const scale = f64x2.splat(SCALE)
  v128.store(into, f64x2.mul(f64x2.convert_low_i32x4_u(words01), scale))
  v128.store(into, f64x2.mul(f64x2.convert_low_i32x4_u(words23), scale), 16)
  v128.store(into, f64x2.mul(f64x2.convert_low_i32x4_u(v128.shuffle<u64>(words01, words01, 1, 1)), scale), 32)
  v128.store(into, f64x2.mul(f64x2.convert_low_i32x4_u(v128.shuffle<u64>(words23, words23, 1, 1)), scale), 48)
}
