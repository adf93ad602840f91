/**
 * `npm run segment -- FOLDER --seeds FOLDER --out FOLDER`: what POST /v1/segment does, for all pictures of a folder, without a
 * service. Ends with 1 when a picture could not be segmented, 2 when the command line is none. Next hop: the folder's own file.
 */
import { readConfig } from '../src/config.js'
import { OperatorError } from '../src/errors.js'
import { segmentFolder } from '../src/segmentation/pictures/folder.js'
import { help, readArguments } from './segment/arguments.js'

try {
  const task = readArguments(process.argv.slice(2), readConfig().maxSegmentPixels, line => { process.stdout.write(`${line}\n`) })
  if (task === 'help') {
    process.stdout.write(help)
  } else {
    const { done, failed } = await segmentFolder(task)
    process.stdout.write(`${done} segmented${failed === 0 ? '' : `, ${failed} not`}\n`)
    if (failed > 0) process.exitCode = 1
  }
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
