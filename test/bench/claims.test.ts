/** That no claim is forgotten, and that what READMEs say of claims is what was measured of the presets as they are. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { listClaims, terms, type Claim } from '../../bench/claims/list.js'
import { photographs } from '../../bench/claims/photographs.js'
import { drawTable, readmeOf, withTable } from '../../bench/claims/readme.js'
import { openStore, readTable, toRow } from '../../bench/claims/store.js'
import { algorithms } from '../../src/algorithms/registry.js'
import { dataInputs, referenceAt } from '../../src/algorithms/references.js'
import { compileCheck } from '../../src/routes/validation.js'

test('listClaims: every preset of every kind is a claim that predicts something, with five seeds or a reason', () => {
  const claims = listClaims()
  assert.deepEqual(claims.map(({ name }) => name), algorithms.flatMap(({ kind, presets }) => presets.map(({ name }) => `${kind}/${name}`)))
  for (const { name, predicts, seeds, note, overrides } of claims) {
    assert.ok(predicts.length > 20, name)
    assert.ok(seeds >= 5 || note !== undefined || overrides.seeds === undefined, `${name} has ${seeds} seeds`)
  }
})

test('listClaims: a preset that needs an upload has one, others have generators; terms name no preset that is gone', () => {
  const presets = algorithms.flatMap(algorithm => algorithm.presets.map(preset => ({ algorithm, preset, name: `${algorithm.kind}/${preset.name}` })))
  const claims = listClaims()
  assert.deepEqual(Object.keys(terms).filter(name => presets.every(preset => preset.name !== name)), [])
  for (const { algorithm, preset, name } of presets) {
    const spec = structuredClone(preset.spec)
    const isNeedy = preset.needs !== undefined
    const claim = claims.find(one => one.name === name)!
    assert.equal(claim.data !== undefined, isNeedy, `${name}: its name, or terms in bench/claims/list.ts, says which upload it takes`)
    if (isNeedy) continue
    assert.deepEqual(compileCheck(algorithm.spec, { root: 'spec' })(spec), [])
    for (const input of dataInputs(algorithm, spec)) assert.ok('generator' in referenceAt(spec, input), name)
  }
})

test('claims.json: its lines are of the presets and kinds as they are, in their order: after a change npm run check:claims -- <name>', () => {
  const rows = readTable().claims
  const claims = [...listClaims(), photographs]
  const say = ({ name, spec, version }: { name: string, spec: string, version: string }) => `${name} ${spec} ${version}`
  const measured = rows.map(say)
  assert.deepEqual(claims.map(say).filter(claim => measured.includes(claim)), measured)
})

test('READMEs of the kinds quote claims.json', () => {
  const { claims } = readTable()
  for (const { kind } of algorithms) {
    if (!existsSync(readmeOf(kind))) continue
    const readme = readFileSync(readmeOf(kind), 'utf8')
    assert.equal(readme, withTable(readme, listClaims().filter(claim => claim.kind === kind), claims), `${kind}: npm run check:claims writes it`)
  }
})

test('withTable: what stands between the marks is replaced, what has none stays', () => {
  const [one, two] = ['one', 'two'].map(preset => ({ ...listClaims()[0]!, name: `kind/${preset}`, preset, note: 'why' })) as [Claim, Claim]
  const row = toRow(one, { claim: 'c', holds: null, evidence: 'a | b\nc' }, 3.4)
  assert.match(drawTable([one], [row]), /^\| preset .*\n\| --- .*\n\| `one` \| 5 \| generated \| not decided \| a \\\| b c \(why\) \| 3 \|$/)
  assert.match(drawTable([one, two], [row]), /\| `two` \| 5 \| {2}\| not measured as it is \| {2}\| {2}\|$/)
  const readme = '# A\n<!-- claims: written by npm run check:claims -->\nold\n<!-- end of claims -->\nend\n'
  assert.equal(withTable(readme, [one], [row]), readme.replace('old', drawTable([one], [row])))
  assert.equal(withTable('# A\n', [one], [row]), undefined)
})

test('openStore: what is kept is found by another one, and nothing else', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'claims-'))
  const row = toRow(listClaims()[0]!, { claim: 'c', holds: true, evidence: 'e' }, 1)
  openStore(folder).keep('key', row)
  assert.deepEqual(JSON.parse(readFileSync(openStore(folder).keepReport('key', { tables: [] }), 'utf8')), { tables: [] })
  openStore(folder).spend('key', 7)
  assert.deepEqual(openStore(folder).find('key'), row)
  assert.equal(openStore(folder).find('other'), undefined)
  assert.deepEqual([openStore(folder).spent('key'), openStore(folder).spent('other')], [7, 0])
  rmSync(folder, { recursive: true })
})
