/** The files for containers: every path, command, stage, volume and variable that they name is there. No engine is needed. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { readConfig, settingNames } from '../../src/config.js'
import { projectRoot } from '../../src/paths.js'
import { commands, parseCommandLine } from '../../src/start/command-line.js'
import { instructionsOf, isIgnored, listContext, readDockerfile, readIgnoreFile, readVariables } from '../helpers/dockerfile.js'

const stages = readDockerfile()
/** What is no setting of the service: the set-up's own, Docker's NVIDIA runtime's. */
const others = ['NVIDIA_VISIBLE_DEVICES', 'NVIDIA_DRIVER_CAPABILITIES']
const isKnown = (name: string): boolean => [...settingNames as readonly string[], ...others].includes(name)

interface Service {
  image?: string
  build?: { context: string, dockerfile: string, target: string }
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  ports?: string[]
  depends_on?: string[] | Record<string, unknown>
  healthcheck?: { test: string[] }
}

const composeFile = path.join(projectRoot, 'docker', 'compose.yaml')

/** compose.yaml with its variables filled in. */
function readCompose (variables: Record<string, string>): { services: Record<string, Service>, volumes: Record<string, unknown> } {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, mark?: string, word = '') => {
        if (variables[name]) return variables[name]
        if (mark === '-') return word
        throw new Error(`${name} must be set: ${word}`)
      })
    }
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member)]))
  }
  return fill(parse(readFileSync(composeFile, 'utf8'), { merge: true })) as ReturnType<typeof readCompose>
}

const password = 'p@ss/word#1?%20&:"\'$\\ ü'
const { services, volumes } = readCompose({ POSTGRES_PASSWORD: password, ADMIN_KEY: 'key' })
const ours = Object.entries(services).filter(([, { image }]) => image?.startsWith('descent-lab'))

/** Checks `node dist/src/main.js COMMAND ...`. */
function checkCommand ([program, module = '', ...args]: string[]): void {
  assert.equal(program, 'node')
  assert.ok(existsSync(path.join(projectRoot, module)), `${module} is made by the build`)
  assert.ok((commands as readonly string[]).includes(parseCommandLine(args).command), args.join(' '))
}

test('Dockerfile: every stage stands on another or on an image, and what it copies is there', () => {
  for (const [i, { name, from, instructions }] of stages.entries()) {
    const earlier = stages.slice(0, i).map(stage => stage.name)
    assert.ok(earlier.includes(from) || /^node:\d+-bookworm(-slim)?$/.test(from), `${name} stands on ${from}`)
    for (const { text } of instructions.filter(one => one.name === 'COPY')) {
      const words = text.split(' ').filter(word => !word.startsWith('--'))
      const stage = /--from=(\S+)/.exec(text)?.[1]
      for (const source of words.slice(0, -1)) {
        if (stage === undefined) {
          assert.ok(existsSync(path.join(projectRoot, source)) && !isIgnored(source), `${source} is sent to the engine`)
          continue
        }
        assert.ok(earlier.includes(stage), `${stage} stands before ${name}`)
        // A folder that only TensorFlow's set-up made was missing on arm64, and COPY failed.
        const makes = instructionsOf(stages, stage).some(one => (one.name === 'WORKDIR' && one.text === source) || (one.name === 'RUN' && one.text === `mkdir ${source}`))
        assert.ok(makes, `${source} is made in ${stage} whatever happens there`)
      }
    }
  }
})

test('Dockerfile: every variable is a setting, the command is ours, and volumes belong to its user', () => {
  for (const { name } of stages) {
    for (const one of instructionsOf(stages, name)) {
      if (one.name === 'ENV') for (const variable of Object.keys(readVariables(one.text))) assert.ok(isKnown(variable), variable)
      if (one.name === 'RUN') for (const [, variable = ''] of one.text.matchAll(/(?:^| )([A-Z_]+)=/g)) assert.ok(isKnown(variable), variable)
      if (one.name === 'CMD') checkCommand(JSON.parse(one.text) as string[])
    }
  }
  for (const target of ['cpu', 'gpu']) {
    const all = instructionsOf(stages, target)
    const env = Object.assign({}, ...all.filter(one => one.name === 'ENV').map(one => readVariables(one.text))) as Record<string, string>
    assert.equal(env.BLOB_STORE, undefined, 'a volume for /data keeps the blobs too')
    assert.equal(readConfig(env).blobStore, '/data/blobs')
    assert.equal(env.LOG_TO, 'stdout')
    assert.deepEqual(all.filter(one => one.name === 'VOLUME').map(one => one.text), ['/data'])
    assert.equal(all.at(-1)?.text, 'node')
    assert.ok(all.some(one => one.text === 'mkdir /data /blobs /backups && chown node:node /data /blobs /backups'))
  }
})

test('Dockerfile: TensorFlow is asked for by name where there is one, so that a failed set-up fails the build', () => {
  const run = (stage: string): string => stages.find(one => one.name === stage)!.instructions.map(one => one.text).join()
  assert.match(run('build-gpu'), /^TENSOR_BACKEND=tensorflow TENSORFLOW_FLAVOUR=cuda npm run build && /)
  assert.match(run('build-cpu'), /^TENSOR_BACKEND="\$\(node -p "process\.arch === 'x64' \? 'tensorflow' : 'auto'"\)" TENSORFLOW_FLAVOUR=cpu npm run build && /)
})

test('.dockerignore: what git ignores is not sent either, secrets least of all, whichever engine builds', () => {
  for (const pattern of readIgnoreFile('.gitignore')) {
    const sample = pattern.replace('*', 'x').replaceAll(/^\/|\/$/g, '')
    assert.ok(isIgnored(sample), `${sample} is ignored`)
    if (!pattern.startsWith('/') && !pattern.slice(0, -1).includes('/') && pattern !== '.env' && pattern !== 'node_modules/') assert.ok(isIgnored(`a/${sample}`), `a/${sample} is ignored`)
  }
  assert.ok(isIgnored('.env.production'))
  assert.ok(!existsSync(path.join(projectRoot, 'docker', 'Dockerfile.dockerignore')), 'it would go before .dockerignore, for BuildKit only')
  const context = listContext()
  for (const file of ['package.json', 'package-lock.json', '.npmrc', 'src/main.ts', 'src/start/help.txt', 'prisma/schema.prisma', 'scripts/run.mjs']) {
    assert.ok(context.includes(file), `${file} is sent`)
  }
})

test('compose.yaml: every command, variable, volume, file and service that it names is there', () => {
  for (const [name, service] of Object.entries(services)) {
    for (const other of Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {})) assert.ok(services[other], `${name} waits for ${other}`)
    for (const volume of service.volumes ?? []) {
      const [source = '', target = ''] = volume.split(':')
      assert.ok(source.startsWith('./') ? existsSync(path.join(projectRoot, 'docker', source)) : source in volumes, `${name} mounts ${source}`)
      assert.match(target, /^\//)
    }
  }
  for (const [name, { build, command, environment = {}, volumes: mounts = [] }] of ours) {
    checkCommand(command ?? [])
    assert.ok(existsSync(path.join(projectRoot, 'docker', build!.context, build!.dockerfile)))
    assert.ok(stages.some(stage => stage.name === build!.target), `${name} builds ${build!.target}`)
    for (const variable of Object.keys(environment)) assert.ok(isKnown(variable), variable)
    assert.ok(mounts.includes(`blobs:${environment.BLOB_STORE}`), `${name} shares the blobs`)
  }
  const written = readFileSync(composeFile, 'utf8')
  for (const [, command = ''] of written.matchAll(/(node dist\/src\/main\.js [^\n"]*)$/gm)) checkCommand(command.split(' '))
})

test('compose.yaml: a password with @, / and # reaches the service as it is', () => {
  for (const [name, { environment = {} }] of ours) {
    const { databaseUrl } = readConfig(environment)
    const url = new URL(databaseUrl ?? '')
    assert.equal(decodeURIComponent(url.password), services.postgres!.environment!.POSTGRES_PASSWORD, name)
    assert.deepEqual([url.hostname, url.username, url.pathname], ['postgres', 'descent_lab', '/descent_lab'])
  }
  assert.throws(() => readCompose({ ADMIN_KEY: 'key' }), /POSTGRES_PASSWORD must be set/)
})

test('compose.yaml: PostgreSQL is asked by TCP, and only the proxy is open to others', () => {
  assert.deepEqual(services.postgres!.healthcheck!.test.slice(0, 4), ['CMD', 'pg_isready', '-h', '127.0.0.1'])
  for (const [name, { ports = [] }] of Object.entries(services)) {
    if (name !== 'proxy') assert.ok(ports.every(port => port.startsWith('127.0.0.1:')), `${name} is for this machine`)
  }
  const caddyfile = readFileSync(path.join(projectRoot, 'docker', 'proxy', 'Caddyfile'), 'utf8')
  const asked = [...caddyfile.matchAll(/\{\$(\w+)/g)].map(match => match[1])
  assert.deepEqual(Object.keys(services.proxy!.environment ?? {}).filter(name => !asked.includes(name)), [])
  assert.equal(services.proxy!.environment!.UPSTREAM, 'serve:3000')
})
