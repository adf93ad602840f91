/** Solutions of a few linear equations, whatever their symmetry and signs. */

/** Solves A x = b by elimination with the largest pivot of a column; not finite where A is singular. @param a by rows, changed */
export function solveSmall (a: number[][], b: readonly number[]): number[] {
  const size = b.length
  const rows = a.map((row, i) => [...row, b[i]!])
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i
    const [top] = rows.splice(pivot, 1)
    rows.splice(column, 0, top!)
    for (let i = column + 1; i < size; i++) {
      const factor = rows[i]![column]! / top![column]!
      for (let k = column; k <= size; k++) rows[i]![k]! -= factor * top![k]!
    }
  }
  const x: number[] = new Array(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    let sum = rows[i]![size]!
    for (let k = i + 1; k < size; k++) sum -= rows[i]![k]! * x[k]!
    x[i] = sum / rows[i]![i]!
  }
  return x
}
