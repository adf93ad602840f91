/** Bytes that are looked for, 64 at once (AssemblyScript). */

export const LFS = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16)
export const CRS = memory.data<u64>([0x0d0d0d0d0d0d0d0d, 0x0d0d0d0d0d0d0d0d], 16)

/** Makes the vector of a byte; of none, which is negative, that of 255, which no text has. */
export function storeVector (byte: i32, at: usize): void {
  v128.store(at, i8x16.splat(<i8>(byte < 0 ? 0xff : byte)))
}

/** A bit for each of the next 64 bytes: whether it is the one. @param byte  its vector */
// @ts-ignore: decorator
@inline
export function maskOf (block: usize, byte: usize): u64 {
  const wanted = v128.load(byte)
  return <u64>i8x16.bitmask(i8x16.eq(v128.load(block), wanted)) | (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 16), wanted)) << 16) |
    (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 32), wanted)) << 32) | (<u64>i8x16.bitmask(i8x16.eq(v128.load(block, 48), wanted)) << 48)
}
