/** Zip archives as tests need them: good ones, and ones that say what is not so. Real ones by other writers lie among the fixtures. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface Member {
  name: string | Uint8Array
  data?: Uint8Array | string
  /** stored otherwise */
  deflate?: boolean
  /** what the archive says instead of what is so */
  says?: { size?: number, crc?: number, flags?: number, method?: number }
}

/** Writes an archive. */
export function zip (members: Member[], comment = ''): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data = '', deflate = false, says = {} } of members) {
    const raw = Buffer.from(name as string)
    const plain = Buffer.from(data as string)
    const packed = deflate ? deflateRawSync(plain) : plain
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    for (const [header, at] of [[local, 4], [entry, 6]] as const) {
      header.writeUInt16LE(20, at)
      header.writeUInt16LE(says.flags ?? 0, at + 2)
      header.writeUInt16LE(says.method ?? (deflate ? 8 : 0), at + 4)
      header.writeUInt32LE(says.crc ?? crc32(plain), at + 10)
      header.writeUInt32LE(packed.length, at + 14)
      header.writeUInt32LE(says.size ?? plain.length, at + 18)
      header.writeUInt16LE(raw.length, at + 22)
    }
    entry.writeUInt32LE(offset, 42)
    parts.push(local, raw, packed)
    directory.push(entry, raw)
    offset += local.length + raw.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, ...directory, end, Buffer.from(comment)])
}
