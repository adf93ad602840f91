/**
 * Loaded into all threads of a service (`losing` gives NODE_OPTIONS for it): where a file comes to be, one thread that works in a
 * crew of adm-segmentation ends as it waits, as one does that has no memory left, and takes the file with it.
 */
import { existsSync, rmSync } from 'node:fs'

/** @param file whose coming is the sign */
export function losing (file: string): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}?file=${encodeURIComponent(file)}` }
}

const { searchParams } = new URL(import.meta.url)
const sign = searchParams.get('file')
if (sign !== null) {
  const { wait } = Atomics
  Object.assign(Atomics, {
    wait (words: Int32Array, index: number, value: number, timeoutMs?: number) {
      if (existsSync(sign) && /findShare/.test(new Error().stack ?? '')) {
        rmSync(sign)
        process.exit(3)
      }
      return wait(words, index, value, timeoutMs)
    }
  })
}
