/** Powers of five in 128 bits, by which assembly/numerals.ts reads numbers: the table of Lemire (2021, arXiv:2101.11408, appendix). */

/** Powers from -MOST_POWER to MOST_POWER; assembly/numerals.ts has the same bound. */
const MOST_POWER = 120
/** Down to here the reciprocal of the power is so exact that it is not cut. */
const EXACT_RECIPROCAL = -27

let table: BigUint64Array | undefined

/** The upper and the lower 64 bits of 5^q for q from -120 to 120: scaled so that the first bit is 1, cut; reciprocals are rounded up. */
export function powersOfFive (): BigUint64Array {
  if (table !== undefined) return table
  table = new BigUint64Array(2 * (2 * MOST_POWER + 1))
  for (let q = -MOST_POWER; q <= MOST_POWER; q++) {
    const bits = q < 0 ? reciprocal(q) : normalize(5n ** BigInt(q))
    const at = 2 * (q + MOST_POWER)
    table[at] = bits >> 64n
    table[at + 1] = bits & 0xffffffffffffffffn
  }
  return table
}

function reciprocal (q: number): bigint {
  const power = 5n ** BigInt(-q)
  const z = bitsOf(power) // of powers of five: 2^(z - 1) < power < 2^z
  return q >= EXACT_RECIPROCAL
    ? (1n << BigInt(z + 127)) / power + 1n
    : normalize((1n << BigInt(2 * z + 128)) / power + 1n)
}

/** Moves the first bit to place 127; what does not fit is cut. */
function normalize (value: bigint): bigint {
  const shift = 128 - bitsOf(value)
  return shift >= 0 ? value << BigInt(shift) : value >> BigInt(-shift)
}

function bitsOf (value: bigint): number {
  return value.toString(2).length
}
