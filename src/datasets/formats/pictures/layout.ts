/**
 * What the folders of an archive mean: which split a picture is in, and which folder of it. Files that systems leave
 * behind are passed over and counted.
 */
import type { Archive, Member } from '../../archives/archive.js'
import { broken, show, type UploadedFile } from '../../limits.js'
import type { DatasetReport } from '../../report.js'

/** An opened archive, and what of it counts. */
export interface Opened { file: UploadedFile, archive: Archive }

/** A picture in a folder of its split; path: what stands below that folder. */
export interface Placed { opened: Opened, member: Member, folder: string, path: string }

export interface Layout {
  train: Placed[]
  /** undefined where the archive has one split only */
  test: Placed[] | undefined
  /** folders of the training split, those without a picture too */
  folders: string[]
  skipped: DatasetReport['skipped']
  warnings: DatasetReport['warnings']
}

type Parts = { member: Member, parts: string[] }

const LEFT_BEHIND = new Set(['__macosx', 'thumbs.db', 'desktop.ini'])
const VALIDATION = ['val', 'valid', 'validation']
const SPLITS = ['train', 'test', ...VALIDATION]

/**
 * Reads the folders of an archive.
 * @param hasOther  whether the other split comes in a file of its own: this one has no folders of splits then
 * @throws AppError invalid_dataset naming the member that lies where none may
 */
export function readLayout (opened: Opened, hasOther: boolean): Layout {
  const { file, archive } = opened
  const all = archive.members.map(member => ({ member, parts: member.name.split('/').filter(part => part !== '' && part !== '.') }))
  const [hidden, seen] = partition(all, ({ parts }) => parts.some(isLeftBehind))
  const files = seen.filter(({ member }) => !member.isFolder).sort((a, b) => a.member.name < b.member.name ? -1 : 1)
  if (files.length === 0) throw broken(file, 'the archive must have a picture, got none')
  const depth = isWrapped(files) ? 1 : 0
  const hiddenFiles = hidden.filter(({ member }) => !member.isFolder)
  // a folder in which only such files lie is there all the same
  const folders = [
    ...seen.filter(({ member }) => member.isFolder).map(({ parts }) => parts),
    ...files.map(({ parts }) => parts.slice(0, -1)),
    ...hiddenFiles.map(({ parts }) => parts.slice(0, parts.findIndex(isLeftBehind)))
  ].map(parts => parts.slice(depth)).filter(parts => parts.length > 0)
  const skipped = hiddenFiles.length === 0 ? [] : [{ what: 'hidden files (.DS_Store, __MACOSX and the like)', count: hiddenFiles.length }]
  const inner = files.map(({ member, parts }) => ({ member, parts: parts.slice(depth) }))
  const tops = new Set(inner.map(({ parts }) => parts[0]!.toLowerCase()))
  const hasSplits = inner.every(({ parts }) => parts.length > 2 && SPLITS.includes(parts[0]!.toLowerCase())) && (tops.has('train') || hasOther)
  if (!hasSplits) return { train: place(opened, inner, 0), test: undefined, folders: namesOf(folders, 0), skipped, warnings: [] }
  if (hasOther) {
    if (tops.size > 1) throw broken(file, `the archive must have one split where the test split is a file of its own, got the folders ${[...tops].join(', ')}`)
    return { train: place(opened, inner, 1), test: undefined, folders: namesOf(folders, 1), skipped, warnings: [] }
  }
  return { ...splitByFolder(opened, inner, folders), skipped: [...skipped, ...skippedValidation(inner, tops)] }
}

function splitByFolder (opened: Opened, inner: Parts[], folders: string[][]): Pick<Layout, 'train' | 'test' | 'folders' | 'warnings'> {
  const tops = [...new Set(inner.map(({ parts }) => parts[0]!))]
  const named = (names: string[]): string[] => tops.filter(top => names.includes(top.toLowerCase()))
  const within = (names: string[]): Placed[] => place(opened, inner.filter(({ parts }) => names.includes(parts[0]!)), 1)
  const train = named(['train'])
  const tests = named(['test'])
  const test = tests.length > 0 ? tests : named(VALIDATION)
  return {
    train: within(train),
    test: test.length > 0 ? within(test) : undefined,
    folders: namesOf(folders.filter(parts => train.includes(parts[0]!)), 1),
    warnings: tests.length === 0 && test.length > 0 ? [{ code: 'validation_is_test', text: `the folder ${show(test.join(', '))} became the test split, as there is no folder test` }] : []
  }
}

/** There are two splits: what is to choose by is cut off the training split when it is needed. */
function skippedValidation (inner: Parts[], tops: Set<string>): DatasetReport['skipped'] {
  const count = tops.has('test') ? inner.filter(({ parts }) => VALIDATION.includes(parts[0]!.toLowerCase())).length : 0
  return count === 0 ? [] : [{ what: 'pictures of the validation folder, as there is a folder test', count }]
}

/** Whether all lies in one folder more than is needed: what a system makes of a folder that is packed whole. */
function isWrapped (files: Parts[]): boolean {
  const top = files[0]!.parts[0]!
  return files.every(({ parts }) => parts.length > 2 && parts[0] === top) && !SPLITS.includes(top.toLowerCase())
}

function isLeftBehind (part: string): boolean {
  return part.startsWith('.') || LEFT_BEHIND.has(part.toLowerCase())
}

function place (opened: Opened, files: Parts[], depth: number): Placed[] {
  return files.map(({ member, parts }) => {
    if (parts.length < depth + 2) {
      throw broken(opened.file, `the member ${show(member.name)} must be a picture in the folder of its class, or in images or masks; leave it out of the archive if it is none`)
    }
    return { opened, member, folder: parts[depth]!, path: parts.slice(depth + 1).join('/') }
  })
}

function namesOf (folders: string[][], depth: number): string[] {
  return [...new Set(folders.map(parts => parts[depth]).filter(name => name !== undefined))].sort()
}

function partition<Item> (items: Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter(item => !isFirst(item))]
}
