/** Which figures a data set has, and what they show: all comes from its report. */
import type { DrawnFigure } from '../algorithms/contract.js'
import { drawClasses } from '../figures/dataset/classes.js'
import { drawColumns } from '../figures/dataset/columns.js'
import type { DatasetResource } from '../storage/team/datasets.js'

/** Lists them; none for a data set of a version that kept no reports. */
export function listDatasetFigures ({ report }: Pick<DatasetResource, 'report'>): DrawnFigure[] {
  if (report === null) return []
  const drawn = [
    { name: 'columns', title: 'How the values of every column are spread', vegaLite: drawColumns(report) },
    { name: 'classes', title: 'How many examples each class has', vegaLite: drawClasses(report) }
  ]
  return drawn.flatMap(({ vegaLite, ...figure }) => vegaLite === undefined ? [] : [{ ...figure, vegaLite }])
}
