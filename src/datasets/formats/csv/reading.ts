/** How a text file is read as a table: what the upload may say about it. What is left out is found, see dialect.ts and encoding.ts. */
import { Type, type Static } from '../../../schema/type.js'
import { choice } from '../../../choices.js'

/** Separators that have a name, because some of them are hard to send as they are. */
const named = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const

export const CsvReading = Type.Object({
  header: Type.Optional(choice(['auto', 'true', 'false'], { description: 'whether the first line has names; auto, the default, looks at its cells, and is refused where the line may be both. Names must differ' })),
  separator: Type.Optional(Type.String({
    pattern: '^(auto|comma|semicolon|tab|pipe|[\\t !#$%&*,/:;<=>?@\\\\^_`|~])$',
    description: 'what stands between cells: comma, semicolon, tab, pipe, or the character itself; auto, the default, finds one of these four'
  })),
  quote: Type.Optional(Type.String({
    pattern: '^(none|["\'`$%&*/^|~])$',
    description: 'the character around cells that hold separators or line ends, doubled within them; " when left out, none where quotes are text'
  })),
  encoding: Type.Optional(Type.String({
    maxLength: 40, description: 'a label of the Encoding Standard, such as utf-8, utf-16le, windows-1252 or shift_jis; when left out UTF-8, or UTF-16 where the first bytes say so'
  })),
  decimal: Type.Optional(choice(['auto', 'point', 'comma'], { description: 'what numbers have before their decimals; auto, the default, takes a comma where cells are not separated by commas, some are numbers such as 3,14 and none is one such as 3.14' }))
})
export type CsvReading = Static<typeof CsvReading>

/** The separator that was said, undefined where it is to be found. */
export function toldSeparator ({ separator = 'auto' }: CsvReading): string | undefined {
  return separator === 'auto' ? undefined : named[separator as keyof typeof named] ?? separator
}

/** The separators that are looked for. */
export const usualSeparators = Object.values(named)
