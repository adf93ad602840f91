/**
 * Whole runs of the optimizers on regression networks beside SciPy and pyswarms with NumPy objectives, both sides in one
 * run, taking turns, one thread each (`npm run bench:optimizers`; `npm run bench:peers` installs them first). Without them
 * only our side is measured. With the beginning of a case's name (`npm run bench:optimizers -- "cg 1-30-1"`) only those
 * are measured and nothing recorded.
 */
import { fileURLToPath } from 'node:url'
import { record, summarise, type Case } from './record.js'
import { openPeer, openSide, type Side } from './side.js'
import { measured, startOf, type Measured, type Run } from './optimizers/cases.js'

type Request = Measured & { start: number[] }

const REPETITIONS = 5
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }

const wanted = process.argv[2] ?? ''
const ours = await openSide<Request, Run>(process.execPath, [fileURLToPath(new URL('optimizers/ours.js', import.meta.url))], oneThread)
const peer: Side<Request, Run> | undefined = await openPeer('optimizers/peer.py', 'SciPy and pyswarms', oneThread)
const cases: Case[] = []
for (const one of measured) if (nameOf(one).startsWith(wanted)) cases.push(...await compare(one))
ours.close()
peer?.close()
if (wanted === '') await record('optimizers', cases, { ...ours.hello, ...peer?.hello })

function nameOf ({ method, hidden }: Measured): string {
  return `${method} ${[1, ...hidden, 1].join('-')}`
}

/** The whole run, with the aim, and what an iteration of it takes. */
async function compare (one: Measured): Promise<Case[]> {
  const request = { ...one, start: [...startOf(one.hidden)] }
  const runs = { ours: [] as Run[], peer: [] as Run[] }
  // once before, so that everything is compiled and in the caches
  for (let i = -1; i < REPETITIONS; i++) {
    const [a, b] = [await ours.ask(request), await peer?.ask(request)]
    if (i < 0) continue
    runs.ours.push(a)
    if (b !== undefined) runs.peer.push(b)
  }
  const name = nameOf(one)
  const library = one.method === 'pso' ? 'pyswarms' : 'SciPy'
  say(name, 'ours', runs.ours)
  if (runs.peer.length > 0) say(name, library, runs.peer)
  const timing = (list: Run[], figure: (run: Run) => number) => summarise(list.map(figure))
  const whole = (run: Run) => run.ms
  const perIteration = (run: Run) => run.ms / run.iterations
  return [
    { name: `${name}, ${one.iterations} iterations`, unit: 'ms', figure: whole, aim: one.aim },
    { name: `${name}, an iteration`, unit: 'ms', figure: perIteration, aim: null }
  ].map(({ name, unit, figure, aim }) => ({
    name,
    unit,
    better: 'lower',
    ours: timing(runs.ours, figure),
    peer: runs.peer.length === 0 ? null : { name: library, ...timing(runs.peer, figure) },
    aim: runs.peer.length === 0 ? null : aim
  }))
}

/** One line: both sides shall do the same work, which the counts show. */
function say (name: string, side: string, runs: Run[]): void {
  const { iterations, functionEvaluations, gradientEvaluations, value } = runs[0]!
  const ms = Math.min(...runs.map(run => run.ms))
  process.stdout.write(`${name}, ${side}: ${ms.toFixed(1)} ms, ${iterations} iterations, ${functionEvaluations} values and ` +
    `${gradientEvaluations} gradients, loss ${value.toPrecision(3)}\n`)
}
