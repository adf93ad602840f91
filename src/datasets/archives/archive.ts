/**
 * What an archive of files is, whatever packs it: members that are read one at a time and in any order. Nothing is
 * written under a member's name, and a name that could lead elsewhere is refused all the same. Packers: zip.ts, tar.ts.
 */
import type { MemberPlace } from './place.js'

export interface Member {
  /** path in the archive: parts with / between them, in Unicode's composed form, as no other member has it; folders end in / */
  name: string
  isFolder: boolean
  /** when unpacked */
  sizeBytes: number
}

export interface Archive {
  /** in the order of the archive; their bytes are counted already */
  members: Member[]
  /**
   * Unpacks a member by the piece; again whenever it is asked for.
   * @throws AppError invalid_dataset when its bytes are not what the archive says of them
   */
  read (member: Member): AsyncIterable<Buffer>
  /** Where a member lies that is small enough to be read in one piece, by place.ts; undefined where it is not. */
  place (member: Member): MemberPlace | undefined
  close (): void
}

/** Gives a member's bytes in one piece. */
export async function readMember (archive: Archive, member: Member): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of archive.read(member)) pieces.push(piece)
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}
