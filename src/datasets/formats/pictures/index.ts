/**
 * Data sets as archives of pictures: PNG and JPEG in a folder for each class, or beside masks. Pictures are read one at
 * a time and go to a spool; only their names lie in memory. What folders mean is in layout.ts, what pixels are in decode.ts.
 */
import { AppError } from '../../../errors.js'
import { openArchive } from '../../archives/open.js'
import type { IncomingDataset, ReadContext } from '../../dataset-file.js'
import { broken, type UploadedFile } from '../../limits.js'
import type { SplitOptions } from '../../split.js'
import { defineFormat, type FilesOf } from '../format.js'
import { readByClass } from './by-class.js'
import { hasMasks, readByPixel } from './by-pixel.js'
import { readLayout, type Layout, type Opened } from './layout.js'
import { PictureOptions } from './options.js'

export const pictures = defineFormat({
  name: 'pictures',
  description: 'a zip, tar or tar.gz of PNG and JPEG: a folder for each class, or folders images and masks (and scribbles) with the same names; both also below folders train and test',
  files: { train: 'an archive of pictures; its folder test, or else val, is the test split where there is one', test: 'an archive of the test split' },
  needed: ['train'],
  tests: ['test'],
  options: PictureOptions,
  prepare: preparePictures
})

/** Options that only masks have a use for. */
const ofMasks = ['folders', 'classNames', 'maskValues', 'maskColours'] as const

/**
 * Makes a data set of archives of pictures.
 * @throws AppError invalid_dataset naming the archive, the picture in it and the rule
 */
async function preparePictures (
  files: FilesOf<'train' | 'test'>, options: PictureOptions & SplitOptions, context: ReadContext
): Promise<IncomingDataset> {
  if (options.fit !== undefined && options.size === undefined) throw new AppError('invalid_request', 'fit must be left out when size is: pictures keep theirs')
  const opened: Opened[] = []
  const open = async (file: UploadedFile, hasOther: boolean): Promise<Layout> => {
    opened.push({ file, archive: await openArchive(file, context) })
    return readLayout(opened.at(-1)!, hasOther)
  }
  try {
    const train = await open(files.train!, files.test !== undefined)
    const layout = files.test === undefined ? train : join(train, await open(files.test, true))
    if (options.folders !== undefined || hasMasks(layout)) return await readByPixel(layout, options, context)
    const idle = ofMasks.find(name => options[name] !== undefined)
    if (idle !== undefined) throw broken(files.train!, `there must be the folders images and masks where ${idle} is given, got folders of classes`)
    return await readByClass(layout, options, context)
  } finally {
    for (const { archive } of opened) archive.close()
  }
}

function join (train: Layout, test: Layout): Layout {
  return {
    ...train,
    test: test.train,
    skipped: addUp([...train.skipped, ...test.skipped]),
    warnings: [...train.warnings, ...test.warnings]
  }
}

function addUp (skipped: Layout['skipped']): Layout['skipped'] {
  const counts = new Map<string, number>()
  for (const { what, count } of skipped) counts.set(what, (counts.get(what) ?? 0) + count)
  return [...counts].map(([what, count]) => ({ what, count }))
}
