/** docker/Dockerfile and .dockerignore read as an engine reads them, as far as this project's go. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../../src/paths.js'

export interface Instruction { name: string, text: string }

export interface Stage {
  name: string
  /** an earlier stage, or an image */
  from: string
  instructions: Instruction[]
}

/** Reads the stages of the Dockerfile, in order. */
export function readDockerfile (): Stage[] {
  const text = readFileSync(path.join(projectRoot, 'docker', 'Dockerfile'), 'utf8')
  const lines = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n/g, '').split('\n').filter(line => line.trim() !== '')
  const stages: Stage[] = []
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (name === '') throw new Error(`A line of the Dockerfile must be an instruction, got ${JSON.stringify(line)}`)
    if (name === 'FROM') {
      const [, from = '', stage = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? []
      stages.push({ name: stage, from, instructions: [] })
    } else {
      stages.at(-1)!.instructions.push({ name, text: rest.replaceAll(/\s+/g, ' ') })
    }
  }
  return stages
}

/** The instructions of a stage with those of the stages that it stands on, in the order in which they are done. */
export function instructionsOf (stages: Stage[], name: string): Instruction[] {
  const stage = stages.find(one => one.name === name)
  return stage === undefined ? [] : [...instructionsOf(stages, stage.from), ...stage.instructions]
}

/** Reads `ENV NAME=value NAME=value`. */
export function readVariables (text: string): Record<string, string> {
  return Object.fromEntries(text.split(' ').map(pair => {
    const [name = '', ...value] = pair.split('=')
    return [name, value.join('=')]
  }))
}

/** The lines of .gitignore or .dockerignore that say something. */
export function readIgnoreFile (name: '.gitignore' | '.dockerignore'): string[] {
  return readFileSync(path.join(projectRoot, name), 'utf8').split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
}

/** True for what .dockerignore keeps from the engine. @param file relative to the project */
export function isIgnored (file: string): boolean {
  return readIgnoreFile('.dockerignore').some(pattern => {
    const inner = pattern.replace(/^\*\*\//, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')
    return new RegExp(`^${pattern.startsWith('**/') ? '(.*/)?' : ''}${inner}(/|$)`).test(file)
  })
}

/** The files of the context: what an engine is sent. */
export function listContext (folder = '.'): string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    if (isIgnored(file)) return []
    return entry.isDirectory() ? listContext(file) : [file]
  })
}
