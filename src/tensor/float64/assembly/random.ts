/** Philox4x32-10 as in src/random.ts (AssemblyScript): the same blocks, counted from `counter`. */

const M0: u64 = 0xD2511F53
const M1: u64 = 0xCD9E8D57
const W0: u32 = 0x9E3779B9
const W1: u32 = 0xBB67AE85
const SCALE: f64 = 1.0 / 4294967296

/** Writes the words of blocks counter, counter + 1, ... as numbers on [0, 1), four a block. @param count a multiple of 4 */
export function fillUniform (key0: u32, key1: u32, counter: f64, count: i32, into: usize): void {
  let block = <u64>counter
  for (const end = into + count * 8; into < end; into += 32, block++) {
    let c0 = <u32>block
    let c1 = <u32>(block >> 32)
    let c2: u32 = 0
    let c3: u32 = 0
    let k0 = key0
    let k1 = key1
    for (let round = 0; round < 10; round++) {
      const p0 = M0 * <u64>c0
      const p1 = M1 * <u64>c2
      c0 = <u32>(p1 >> 32) ^ c1 ^ k0
      c1 = <u32>p1
      c2 = <u32>(p0 >> 32) ^ c3 ^ k1
      c3 = <u32>p0
      k0 += W0
      k1 += W1
    }
    store<f64>(into, <f64>c0 * SCALE)
    store<f64>(into, <f64>c1 * SCALE, 8)
    store<f64>(into, <f64>c2 * SCALE, 16)
    store<f64>(into, <f64>c3 * SCALE, 24)
  }
}
