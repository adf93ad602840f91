/** What the kinds of tests have no use for: everything about papers, presets and reports. */
import type { Algorithm } from '../../src/algorithms/contract.js'

export const bare = {
  version: '1',
  paper: { title: 'None', authors: 'None', year: 2026, arxiv: '', equations: 'none' },
  outcomes: {},
  presets: [],
  report: (_, trials) => ({
    verdict: {
      claim: 'none', predicts: 'nothing', holds: trials.every(({ state }) => state === 'succeeded') ? true : null, evidence: 'none'
    },
    tables: [],
    figures: []
  })
} satisfies Pick<Algorithm, 'version' | 'paper' | 'outcomes' | 'presets' | 'report'>
