/**
 * Every preset that claims something, for five seeds, over a service (`npm run check:claims`): writes a table of claim,
 * evidence and holds to bench/results/claims.json and into the kinds' READMEs. What was killed goes on where it was; what is
 * done for this code, spec and data is not run again. `npm run check:claims -- tracin mnist` runs those whose names have one
 * of these words, which some claims wait for (list.ts), and of a whole name that one alone; `--again` also what is done. Claims on
 * data are skipped, saying so, where ../shared/data is absent.
 */
import { parseArgs } from 'node:util'
import { codeOf, digest, listClaims, type Claim } from './claims/list.js'
import { learnPhotographs, photographs, photographsCode } from './claims/photographs.js'
import { writeReadmes } from './claims/readme.js'
import { endOthers, runClaim } from './claims/run-claim.js'
import { claimsFolder, startClaimService, type ClaimService } from './claims/service.js'
import { openStore, toRow, writeTable, type Row, type Store } from './claims/store.js'
import { missingFiles } from './claims/uploads.js'

const { values: { again }, positionals: words } = parseArgs({ options: { again: { type: 'boolean', default: false } }, allowPositionals: true })

const claims = [...listClaims(), photographs]
const chosen = claims.filter(({ name, isApart }) => words.length === 0 ? !isApart : words.some(word => fits(name, word)))
if (chosen.length === 0) throw new Error(`No claim has ${words.join(' or ')} in its name: ${claims.map(({ name }) => name).join(', ')}`)

const folder = claimsFolder()
const store = openStore(`${folder}/done`)
let service: Promise<ClaimService> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say('Ends; the next run goes on here')
    void Promise.resolve(service).then(async running => { await running?.stop() }).finally(() => { process.exit(130) })
  })
}

/** Two at a time: where the last trial of one has a core left over, the next begins. */
const AT_ONCE = 2
const startedAt = performance.now()
const rows: Row[] = []
const queue = chosen.entries()
try {
  await Promise.all(Array.from({ length: AT_ONCE }, work))
} finally {
  await (await service)?.stop()
}
for (const row of rows) say(`${sayHolds(row).padEnd(12)} ${String(row.seconds).padStart(5)} s  ${String(row.seeds).padStart(2)} seeds  ${row.name}`)
say(`${rows.length} of ${chosen.length} claims in ${Math.round((performance.now() - startedAt) / 60_000)} min`)

/** A whole name means that claim alone. */
function fits (name: string, word: string): boolean {
  return claims.some(claim => claim.name === word) ? name === word : name.includes(word)
}

/** Settles one claim after the other, for as long as there are any. */
async function work (): Promise<void> {
  for (const [i, claim] of queue) {
    const at = `${i + 1} of ${chosen.length}, ${claim.name}`
    const missing = claim.data === undefined ? [] : missingFiles(claim.data)
    if (missing.length > 0) {
      say(`${at}: skipped, there is no ${missing[0]}`)
      continue
    }
    const row = await settle(claim, store, line => { say(`${at}: ${line}`) })
    rows.push(row)
    say(`${at}: ${sayHolds(row)} in ${row.seconds} s. ${row.evidence}`)
    const table = writeTable(claims, rows)
    writeReadmes(listClaims(), table.claims)
  }
}

/** The line of a claim: as it is stored, or by running it. */
async function settle (claim: Claim, store: Store, tell: (line: string) => void): Promise<Row> {
  const key = keyOf(claim)
  const known = again ? undefined : store.find(key)
  if (known !== undefined) return known
  const before = again ? 0 : store.spent(key)
  const started = performance.now()
  const seconds = () => before + (performance.now() - started) / 1000
  const clock = setInterval(() => { store.spend(key, seconds()) }, 2000)
  try {
    const keep = (report: unknown) => { tell(`its report is ${store.keepReport(key, report)}`) }
    const verdict = claim !== photographs ? await runClaim(await open(), claim, key, { say: tell, keep }) : await learnPhotographs()
    const row = toRow(claim, verdict, seconds())
    store.keep(key, row)
    return row
  } finally {
    clearInterval(clock)
  }
}

/** Of a claim as it is, with the code that its numbers come from. */
function keyOf (claim: Claim): string {
  return digest([claim, claim === photographs ? photographsCode() : codeOf(claim.kind)]).slice(0, 24)
}

async function open (): Promise<ClaimService> {
  return await (service ??= start())
}

async function start (): Promise<ClaimService> {
  const started = await startClaimService(folder)
  await endOthers(started, new Set(claims.map(keyOf)))
  return started
}

function sayHolds ({ holds }: Row): string {
  return holds === null ? 'not decided' : holds ? 'holds' : 'does not hold'
}

function say (line: string): void {
  process.stdout.write(`${line}\n`)
}
