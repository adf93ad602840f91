/** How many examples each class has, to train on and to test on. Vega-Lite. */
import type { DatasetReport } from '../../datasets/report.js'
import { clip } from './clip.js'

/** Bars that can be told apart; of more classes the most frequent ones are shown. */
const MAX_SHOWN = 60
const LONGEST_NAME = 32

/** Draws the counts of a report's classes; undefined where it has none. */
export function drawClasses ({ classes }: Pick<DatasetReport, 'classes'>): Record<string, unknown> | undefined {
  if (classes.length === 0) return undefined
  const places = classes.map(({ train, test }, label) => ({ label, count: train + test }))
  const frequent = places.sort((a, b) => b.count - a.count || a.label - b.label).slice(0, MAX_SHOWN)
    .map(({ label }) => label).sort((a, b) => a - b)
  const labels = frequent.map(label => clip(classes[label]!.name, LONGEST_NAME))
  const values = frequent.flatMap((label, place) => (['train', 'test'] as const).map(split => ({ place, split, count: classes[label]![split] })))
  const some = frequent.length < classes.length ? `, the ${frequent.length} most frequent of ${classes.length}` : ''
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: 'Classes', subtitle: `examples of each class${some}` },
    width: 420,
    height: { step: 18 },
    data: { values },
    mark: 'bar',
    encoding: {
      y: { field: 'place', type: 'ordinal', axis: { title: null, ticks: false, labelLimit: 260, labelExpr: `${JSON.stringify(labels)}[datum.value]` } },
      x: { field: 'count', type: 'quantitative', axis: { title: 'examples', format: '~s' } },
      color: { field: 'split', type: 'nominal', sort: ['train', 'test'], title: null, scale: { domain: ['train', 'test'], range: ['#4c78a8', '#f58518'] } },
      order: { field: 'split', sort: 'descending' }
    }
  }
}
