/** Ways in which the service is deployed: by another user, in an odd folder, on a Postgres of one's own, in parts, as an image. */
import { readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { asUser, failed, refused, useAndEnd, type Bench } from '../bench.js'
import type { Row } from '../check.js'
import { startForeignPostgres } from '../postgres.js'
import { run, start } from '../program.js'
import { predict, visit } from '../visit.js'
import { openApi, type Api } from '../../helpers/service.js'

export const deploymentRows: Row[] = [
  {
    name: 'another-user',
    run: async bench => await asUser(bench, await bench.prepared(), async changes => (await bench.use(changes)).seen)
  },
  {
    name: 'odd-folder',
    async run (bench) {
      const tree = await bench.prepared()
      const odd = path.join(bench.folder('o\'dd'), '50 % & #1 ünï; (copy)')
      const { seen } = await moved(tree, odd, async () =>
        await bench.use({ tree: odd, dataDir: path.join(odd, 'my "data" & $HOME'), environment: { CACHE_DIR: path.join(odd, 'my cache'), TENSOR_BACKEND: 'wasm' } }))
      const shell = path.join(bench.folder('shell'), '$HOME')
      const said = await moved(tree, shell, async () =>
        await refused({ words: ['npm', 'start'], cwd: shell, env: bench.environment({ DATA_DIR: bench.folder('data') }) }, /PostgreSQL cannot run/))
      return `${seen}; ${said}`
    }
  },
  {
    name: 'external-postgres',
    async run (bench) {
      const database = await startForeignPostgres(bench.folder('postgres'))
      try {
        const { seen } = await bench.use({ tree: await bench.prepared(), environment: { DATABASE_URL: database.url } })
        return `${database.version}; ${seen}`
      } finally {
        await database.stop()
      }
    }
  },
  { name: 'two-serve-one-work', run: runParts },
  { name: 'image', run: runImage }
]

/** Does work while a folder is elsewhere. */
async function moved<T> (folder: string, to: string, work: () => Promise<T>): Promise<T> {
  renameSync(folder, to)
  try {
    return await work()
  } finally {
    renameSync(to, folder)
  }
}

/** Two replicas of the API and a node in one DATA_DIR; what is submitted at one is followed at the other. */
async function runParts (bench: Bench): Promise<string> {
  const database = await startForeignPostgres(bench.folder('postgres'))
  const cwd = await bench.prepared()
  const DATA_DIR = path.join(bench.folder('data'), 'of all')
  const env = bench.environment({ DATABASE_URL: database.url, DATA_DIR })
  const part = (name: string) => start({ words: ['node', 'dist/src/main.js', name], cwd, env })
  const listening = async (program: ReturnType<typeof part>): Promise<Api> => {
    const url = await program.says(/The API listens on (http:\S+)/)
    return openApi(() => url, failed(program))
  }
  const parts = [part('serve'), part('serve'), part('work')]
  const [first, second, work] = parts as [typeof parts[0], typeof parts[0], typeof parts[0]]
  try {
    const { seen, ending } = await useAndEnd(work, path.join(DATA_DIR, 'temporary'), async () => {
      const [submitting, watching] = [await listening(first), await listening(second)]
      await work.says(/The node works/)
      return await visit(submitting, watching)
    })
    for (const serve of [first, second]) serve.signal('SIGTERM')
    const endings = [await first.end(), await second.end(), ending]
    if (endings.some(one => one !== 0)) throw new Error(`they ended with ${endings.join()}`)
    return `${seen}; ended with ${endings.join()}`
  } finally {
    for (const program of parts) program.signal('SIGKILL')
    await database.stop()
  }
}

/**
 * The steps of docker/Dockerfile without an engine: install, build, prune; then its command as another user, who cannot
 * write to the tree, on a data folder that a second container takes over from the first.
 */
async function runImage (bench: Bench): Promise<string> {
  const tree = await bench.clone('image')
  const env = bench.environment({ TENSORFLOW_FLAVOUR: 'cpu' })
  for (const words of [['npm', 'ci'], ['npm', 'run', 'build'], ['npm', 'prune', '--omit=dev']]) await run({ words, cwd: tree, env })
  const [, command] = /^CMD (\[.*\])$/m.exec(readFileSync(path.join(tree, 'docker', 'Dockerfile'), 'utf8')) ?? []
  const words = JSON.parse(command!) as string[]
  const volume = bench.folder('volume')
  return await asUser(bench, volume, async service => {
    const container = { ...service, tree, words, dataDir: path.join(volume, 'data') }
    const { seen } = await bench.use(container)
    await bench.use(container, async api => {
      await predict(api)
      return ''
    })
    return `${seen}; a second container on its volume still has the models`
  })
}
