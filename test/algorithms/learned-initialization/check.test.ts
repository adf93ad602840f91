import assert from 'node:assert/strict'
import test from 'node:test'
import { claimNames } from '../../../src/algorithms/learned-initialization/claim-names.js'
import { learnedInitialization } from '../../../src/algorithms/learned-initialization/index.js'
import { noInputs } from '../../helpers/inputs.js'
import { makeSpec } from './made-results.js'

const broken = (spec: ReturnType<typeof makeSpec>, inputs = noInputs) => learnedInitialization.check!(spec, inputs).map(({ path }) => path)
const withArms = (...initialisers: object[]) => makeSpec({ family: { type: 'two-basins' }, initialisers })
const refused = (spec: ReturnType<typeof makeSpec>, path: string) => { assert.deepEqual(broken(spec), [path]) }

test('check: presets and what is plain are accepted', () => {
  assert.deepEqual(broken(makeSpec({ family: { type: 'two-basins' } })), [])
  for (const { name, spec } of learnedInitialization.presets) assert.deepEqual(broken(makeSpec(spec)), [], name)
})

test('check: initialisers that are the same, or ask for what is not there, are refused where the spec says so', () => {
  refused(withArms({ type: 'random' }, { type: 'random' }), 'spec.initialisers[1].name')
  refused(withArms({ type: 'random' }, { type: 'conditional', name: 'random' }), 'spec.initialisers[1].name')
  refused(withArms({ type: 'heuristic', rule: 'full power' }), 'spec.initialisers[0].rule')
  assert.deepEqual(broken(withArms({ type: 'heuristic', rule: 'zero' })), [])
  for (const type of ['nearest', 'arg-init', 'val-init']) {
    refused({ ...withArms({ type, offline: 101 }), offline: { instances: 100 } }, 'spec.initialisers[0].offline')
    assert.deepEqual(broken({ ...withArms({ type, offline: 100 }), offline: { instances: 100 } }), [])
  }
  refused(withArms({ type: 'val-init', oracle: true, search: 'descent' }), 'spec.initialisers[0].search')
})

test('check: solvers that cannot make a step, or add what makes no sense, are refused', () => {
  const solved = (solver: object, type = 'two-basins') => makeSpec({ family: { type }, solver })
  refused(solved({ type: 'zeroth-order', samples: 10, budget: 10 }), 'spec.solver.budget')
  assert.deepEqual(broken(solved({ type: 'zeroth-order', samples: 10, budget: 11 })), [])
  assert.deepEqual(broken(solved({ type: 'fista', threshold: 0.1 })), [])
  refused(solved({ type: 'fista', threshold: 0.1 }, 'sum-rate'), 'spec.solver.threshold')
})

test('check: stored solutions are those of an experiment of this kind', () => {
  const id = '0193a0de-0000-7000-8000-000000000000'
  const spec = makeSpec({ family: { type: 'two-basins' }, offline: { solutions: { artifactId: id } } })
  const solutions = (kind: string) => ({ ...noInputs, artifacts: { solutions: { id, kind, name: 'solutions', mediaType: 'application/octet-stream' as const, sizeBytes: 1 } } })
  assert.deepEqual(broken(spec, solutions('learned-initialization')), [])
  assert.deepEqual(broken(spec, solutions('tracin')), ['spec.offline.solutions'])
  assert.deepEqual(learnedInitialization.inputs(spec).map(({ path, kind }) => [path, kind]), [['spec.offline.solutions', 'artifact']])
})

test('check: a claim without what it compares is refused', () => {
  const families = ['sum-rate', 'two-basins', 'unrelated', 'convex'].map(type => makeSpec({ family: { type, ...(type === 'sum-rate' ? { users: 2 } : {}) }, initialisers: [{ type: 'heuristic' }] }))
  for (const claim of claimNames) {
    const paths = families.map(spec => broken({ ...spec, claims: [claim] }))
    assert.ok(paths.every(list => list.length > 0), claim)
    assert.ok(paths.filter(list => list.includes('spec.family.type')).length >= 2, claim)
    assert.ok(paths.some(list => list.includes('spec.initialisers')), claim)
  }
  const sumRate = (initialisers: object[], users = 5) => makeSpec({ family: { type: 'sum-rate', users }, initialisers: [{ type: 'random' }, ...initialisers] })
  refused({ ...sumRate([{ type: 'arg-init', offline: 7 }]), claims: ['arg-init-gains'] }, 'spec.initialisers')
  refused({ ...sumRate([{ type: 'val-init', candidates: 1 }]), claims: ['val-init-gains'] }, 'spec.initialisers')
  refused({ ...sumRate([{ type: 'reference' }], 3), claims: ['reference-below-corner'] }, 'spec.family.users')
  const labels = (count: number) => withArms({ type: 'random' }, { type: 'arg-init', labels: count })
  assert.deepEqual([4, 5].map(count => broken({ ...labels(count), claims: ['learned-succeeds'] })), [['spec.initialisers'], []])
  refused({ ...labels(5), solver: { type: 'gradient', learningRate: 2, momentum: 0.5, steps: 60, tolerance: 0 }, claims: ['basin-mass'] }, 'spec.solver')
})
