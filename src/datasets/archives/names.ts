/** Names of an archive's members: as they are kept, and which are refused. */
import { broken, show, type UploadedFile } from '../limits.js'

const LONGEST_NAME = 1000

/**
 * Checks the name of a member.
 * @returns it with / between its parts, in Unicode's composed form: a Mac writes ü as u and two dots
 * @throws AppError invalid_dataset when it is no path within the archive
 */
export function checkName (file: UploadedFile, text: string): string {
  const name = text.replaceAll('\\', '/').replace(/^(\.\/)+/, '').normalize('NFC') // tar writes ./a, old Windows a\b
  if (name.length > LONGEST_NAME) throw broken(file, `a member's name must have at most ${LONGEST_NAME} characters, got ${name.length}`)
  if (name.startsWith('/') || /^[a-zA-Z]:/.test(name) || name.split('/').includes('..') || /[\p{Cc}\ufffd]/u.test(name)) {
    throw broken(file, `a member's name must be a path within the archive, without control characters, got ${show(text)}`)
  }
  return name
}

/** UTF-8 where the bytes are that. */
export function decodeUtf8 (bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined // not UTF-8: the caller reads it as what it says to be
  }
}
