/**
 * What an archive of files is, whatever packs it: its members by their paths, read one at a time and in any order.
 * Nothing is written under a member's name, and a name that could lead elsewhere is refused. Packers: zip.ts, tar.ts.
 */
import { broken, show, type UploadedFile } from '../limits.js'

/** A file of an archive. */
export interface Member {
  /** its folders and its name, joined by '/': none is '.', '..' or empty; Unicode in NFC */
  path: string
  /** bytes when unpacked, as the archive says; reading throws when there are more or fewer */
  size: number
}

export interface Archive {
  file: UploadedFile
  /** in the order of their paths, by code units, so that it does not matter how they were packed */
  members: readonly Member[]
  /** folders that have an entry of their own, also those with nothing in them; without the '/' at the end */
  folders: readonly string[]
  /**
   * Gives a member's bytes by the piece; they are counted as bytes of the upload.
   * @throws AppError invalid_dataset naming archive and member when it cannot be unpacked
   */
  read (member: Member): AsyncIterable<Buffer>
  close (): void
}

/** Names are kept in memory while an archive is read: half a million take some 150 MB. */
const MOST_MEMBERS = 500_000
const LONGEST_PATH = 1000

/** Gathers what an archive lists. Every method throws AppError invalid_dataset naming the entry. */
export interface Listing<Found extends Member> {
  addFolder (name: string): void
  addFile (name: string, make: (path: string) => Found): void
  /** Refuses an entry that is neither. @param what "a symbolic link" */
  refuse (name: string, what: string): never
  finish (): { members: Found[], folders: string[] }
}

/** Begins to list the entries of an archive. */
export function openListing<Found extends Member> (file: UploadedFile): Listing<Found> {
  const found = new Map<string, Found>()
  const folders = new Set<string>()
  const check = (name: string): string => {
    if (found.size + folders.size >= MOST_MEMBERS) throw broken(file, `an archive must have at most ${MOST_MEMBERS} members, got more`)
    return checkPath(file, name)
  }
  return {
    addFolder (name) { folders.add(check(name.replace(/\/+$/, ''))) },
    addFile (name, make) {
      const path = check(name)
      if (found.has(path)) throw broken(file, `member ${show(path)} must come once, got two of the name`)
      found.set(path, make(path))
    },
    refuse (name, what) { throw broken(file, `member ${show(name)} must be a file or a folder, got ${what}`) },
    finish () {
      const members = [...found.values()].sort((a, b) => a.path < b.path ? -1 : 1)
      const twin = [...folders].find(folder => found.has(folder))
      if (twin !== undefined) throw broken(file, `member ${show(twin)} must be a file or a folder, got both`)
      return { members, folders: [...folders].sort() }
    }
  }
}

/** @returns the path with '/' between its parts, in NFC: a Mac writes ü as u and two dots */
function checkPath (file: UploadedFile, name: string): string {
  const refuse = (rule: string): never => { throw broken(file, `member ${show(name)} must ${rule}`) }
  if (name.length > LONGEST_PATH) refuse(`have a path of at most ${LONGEST_PATH} characters, got ${name.length}`)
  if (/[\p{Cc}\ufffd]/u.test(name)) refuse('have a path without control characters, in the encoding that the archive says')
  const path = name.replaceAll('\\', '/').replace(/^(\.\/)+/, '').normalize('NFC') // tar writes ./a, old Windows a\b
  if (/^(\/|[A-Za-z]:)/.test(path)) refuse('have a path within the archive, got an absolute one')
  const parts = path.split('/')
  if (parts.includes('..')) refuse('have a path within the archive, got one with ..')
  if (path !== '.' && parts.some(part => part === '' || part === '.')) refuse('have a path whose parts have names')
  return path
}

/** Gives a member's bytes in one piece: for small ones. */
export async function readMember (archive: Archive, member: Member): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of archive.read(member)) pieces.push(piece)
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}
