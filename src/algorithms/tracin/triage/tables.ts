/** Suspects as tables of a report: what one would look at first, and what is known of each. Pure. */
import type { FinishedTrial, Report } from '../../contract.js'
import { toDecimals } from '../../kit/rounding.js'
import { sayLabel } from '../sheet-parts.js'
import type { TracinResult, TracinSpec } from '../spec.js'

type Finished = Pick<FinishedTrial<TracinSpec, TracinResult>, 'definition'> & { result: TracinResult }
type Table = Report['tables'][number]
type Row = TracinResult['ranking'][number]
type Cell = string | number | null

const round = toDecimals(4)

/** Rows of a table. */
const shown = 40

/** The rankings of a trial and its copies. Results of before have the first of them, with less in it. */
export function triageTables ({ definition: { seed }, result }: Finished): Table[] {
  const { triage } = result
  return [
    rankingTable('most-self-influential', `The most self-influential training examples (seed ${seed})`, result.ranking, result),
    ...(triage === undefined || triage.balanced.length === 0
      ? []
      : [rankingTable('class-balanced', `The most self-influential training examples of every class, by rank in the class over its size (seed ${seed})`, triage.balanced, result)]),
    ...(triage === undefined || triage.copies.groupCount === 0 ? [] : [copiesTable(triage.copies, result)])
  ]
}

function rankingTable (name: string, title: string, rows: Row[], result: TracinResult): Table {
  const say = sayIn(result)
  const isTriaged = result.triage !== undefined
  const suspicion = ({ suggestedLabel, probability, copyCount = 0, otherLabels = false }: Row): Cell[] =>
    [say(suggestedLabel!), typeof probability === 'number' ? round(probability) : null, copyCount === 0 ? null : `${copyCount}${otherLabels ? ', with another label' : ''}`]
  return {
    name,
    title,
    columns: ['rank', 'index', 'training label', 'own label', 'self-influence', ...(isTriaged ? ['suggested label', 'its mean probability', 'copies'] : [])],
    rows: rows.slice(0, shown).map((row, i) =>
      [i + 1, row.index, say(row.label), say(row.trueLabel), Number(row.score.toPrecision(6)), ...(isTriaged ? suspicion(row) : [])])
  }
}

function copiesTable ({ groups, groupCount, exact, near, conflicting, leaked, leftOut }: NonNullable<TracinResult['triage']>['copies'], result: TracinResult): Table {
  const say = sayIn(result)
  const more = groupCount > shown ? `; the first ${shown} of ${groupCount} groups` : ''
  return {
    name: 'copies',
    title: `Copies: ${exact} training examples with an exact and ${near} with a near copy, ${conflicting} of them with another label; ` +
      `${leaked} test examples with a copy in the training split${leftOut > 0 ? `; up to ${leftOut} near pairs were not compared` : ''}${more}`,
    columns: ['examples', 'labels', 'kind', 'members'],
    rows: groups.slice(0, shown).map(({ members, count }) => [
      `${members.map(({ split, index }) => `${split} ${index}`).join(', ')}${count > members.length ? ', …' : ''}`,
      [...new Set(members.map(({ label }) => String(say(label))))].join(' | '),
      members.every(({ exact }) => exact) ? 'exact' : 'near',
      count
    ])
  }
}

function sayIn (result: TracinResult): (label: number | number[]) => Cell {
  return label => typeof label === 'number' ? result.classNames[label] ?? label : sayLabel(result, label)
}
