/** Which figures a data set has: charts of its report, and of pictures a sheet of some examples. */
import { readSheet } from '../datasets/sheet.js'
import { drawClasses } from '../figures/dataset/classes.js'
import { drawClassSheet, hasClassSheet } from '../figures/dataset/class-sheet.js'
import { drawColumns } from '../figures/dataset/columns.js'
import { readStored, type StoredFileParts } from '../jobs/stored-file.js'
import type { DatasetReport } from '../datasets/report.js'
import type { DatasetResource } from '../storage/team/datasets.js'
import type { TeamStore } from '../storage/team-store.js'
import { openDrawn, openSvg, type FigureParts, type OpenFigure } from './figures.js'

export interface DatasetFigure extends OpenFigure { name: string, title: string }

export type DatasetFigureParts = FigureParts & StoredFileParts

/** Opens all of them; nothing is read and drawn before it is asked for. No charts for data sets of versions that kept no reports. */
export function openDatasetFigures (parts: DatasetFigureParts, team: TeamStore, dataset: DatasetResource): DatasetFigure[] {
  const sheet = { name: 'examples', title: 'Some examples of every class' }
  return [
    ...dataset.report === null ? [] : openCharts(parts, dataset.report),
    ...hasClassSheet(dataset) ? [{ ...sheet, ...openSvg(parts, async () => await drawSheet(parts, team, dataset.id)) }] : []
  ]
}

function openCharts (parts: FigureParts, report: DatasetReport): DatasetFigure[] {
  const drawn = [
    { name: 'columns', title: 'How the values of every column are spread', vegaLite: drawColumns(report) },
    { name: 'classes', title: 'How many examples each class has', vegaLite: drawClasses(report) }
  ]
  return drawn.flatMap(({ name, title, vegaLite }) => vegaLite === undefined ? [] : [{ name, title, ...openDrawn(parts, { vegaLite }) }])
}

async function drawSheet (parts: DatasetFigureParts, team: TeamStore, id: string): Promise<Uint8Array> {
  const dataset = await team.datasets.open(id)
  const examples = await readStored(parts, dataset, async () => await readSheet(parts.blobs, dataset))
  return new TextEncoder().encode(drawClassSheet(dataset.description, examples))
}
