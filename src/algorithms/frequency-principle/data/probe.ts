/** The probe of a data set in the words of this kind: bands in groups, and how often the low ones of a group were ahead. */
import type { Examples } from '../../../tensor/batches.js'
import { allOf } from '../../../tensor/forward.js'
import { createLabelProbe, type LabelProbe, type SpectralHistory } from '../../kit/spectrum/index.js'
import type { ResultBand } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import type { DataFindings, DataTarget } from './spec.js'

/** Opens it: the filter's bands before the projection's, whose frequencies are octaves unless the spec has others. */
export function openProbe (
  { spectrum }: FrequencyPrincipleSpec, { methods, widths }: DataTarget, examples: Examples, classes: number
): LabelProbe {
  const { bins, error, frequencies = octaves(bins) } = spectrum
  const inOrder = (['filter', 'projection'] as const).filter(method => methods.includes(method))
  return createLabelProbe(examples, allOf(examples.data.count), { methods: inOrder, widths, frequencies, bins, error, classes })
}

/**
 * 1, 2, 4, … below `bins`. Not the peaks: along a projection the spectrum of classes falls from frequency 0 on without
 * peaks, and those of its tail are noise of the sample.
 */
function octaves (bins: number): number[] {
  return Array.from({ length: Math.ceil(Math.log2(bins)) }, (_, k) => 2 ** k)
}

/** Low and high of one width of the filter are a group ('low 0.1'), and all of the projection. */
export function groupByMethod ({ bands }: LabelProbe): ResultBand[] {
  return bands.map(({ method, ...band }) => method === 'filter'
    ? { ...band, group: `filter ${band.key.replace(/^\S+ /, '')}` }
    : { ...band, label: `projection ${band.label}`, group: 'projection' })
}

/** Per group, of its bands that are more than noise, the part of the records after step 0 at which the lowest band is below the highest. */
export function lowFirst (bands: ResultBand[], { steps, errors }: SpectralHistory): DataFindings['lowFirst'] {
  return [...new Set(bands.map(({ group }) => group))].flatMap(group => {
    const members = bands.flatMap((band, i) => band.group === group && !band.isNoise ? [i] : [])
    const trained = errors.filter((_, i) => steps[i]! > 0)
    if (members.length < 2 || trained.length === 0) return []
    const below = trained.filter(record => record[members[0]!]! < record[members.at(-1)!]!)
    return [{ group, share: below.length / trained.length }]
  })
}
