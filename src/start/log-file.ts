/** Log files that child processes write by themselves: appended to, bounded in size, their end quoted in errors. */
import { copyFileSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs'

/** A file that has grown longer goes to FILE.1, in place of what was there. */
const limitBytes = 20 * 1024 * 1024

/** Opens a log for appending. @returns the descriptor, which the caller closes, and where the next line will begin */
export function openLogFile (file: string): { fd: number, from: number } {
  trimLogFile(file)
  return { fd: openSync(file, 'a', 0o600), from: statSync(file).size }
}

/**
 * Sets the lines of a log that has grown too long aside. Its writers hold it open and append, so it is emptied in
 * place; a line written in that moment may be lost.
 */
export function trimLogFile (file: string): void {
  if (!existsSync(file) || statSync(file).size < limitBytes) return
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
}

/** Reads the last lines that were written after a position. */
export function readTail (file: string, from: number, lines = 20): string {
  return readFileSync(file).subarray(from).toString().trim().split('\n').slice(-lines).join('\n')
}
