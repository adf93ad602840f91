/** A bar with the time that is left: one line that is drawn over in a terminal, a line per tenth anywhere else. */

export interface ProgressBar {
  /** Shows how much is done, 0 .. 1, and a few words. */
  update (fraction: number, words: string): void
  /** Prints a line of its own. */
  note (text: string): void
  close (): void
}

const WIDTH = 30

/** Opens a bar on the standard output. */
export function openProgressBar (output: NodeJS.WriteStream = process.stdout): ProgressBar {
  const startedAt = Date.now()
  let line = ''
  let tenths = -1

  function update (fraction: number, words: string): void {
    const seconds = (Date.now() - startedAt) / 1000
    const left = fraction > 0.02 ? `${Math.ceil(seconds / fraction - seconds)} s left` : ''
    const full = Math.round(fraction * WIDTH)
    line = `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${(100 * fraction).toFixed(0).padStart(3)} %  ${left.padEnd(9)} ${words}`
    if (output.isTTY) {
      output.write(`\r\u001b[K${line.slice(0, output.columns - 1)}`)
    } else if (Math.floor(fraction * 10) > tenths) {
      tenths = Math.floor(fraction * 10)
      output.write(`${line}\n`)
    }
  }

  function note (text: string): void {
    output.write(output.isTTY ? `\r\u001b[K${text}\n${line.slice(0, output.columns - 1)}` : `${text}\n`)
  }

  return { update, note, close: () => { output.write(output.isTTY ? '\n' : `${line}\n`) } }
}
