/** Reads the command line: one command, for backups its folder, and any setting of the configuration as an option. */
import { parseArgs } from 'node:util'
import { settingNames, type SettingName } from '../config.js'
import { OperatorError } from '../errors.js'

export const commands = ['start', 'serve', 'work', 'key', 'backup', 'restore'] as const
export type Command = typeof commands[number]

export interface CommandLine {
  command: Command | 'help' | 'version'
  /** what backup and restore work on */
  folder?: string
  /** settings given as options, by the name of their variable */
  settings: Partial<Record<SettingName, string>>
}

/** DATABASE_URL by database-url. */
const settingOf = new Map(settingNames.map(name => [name.toLowerCase().replaceAll('_', '-'), name]))

const options = {
  ...Object.fromEntries([...settingOf.keys()].map(option => [option, { type: 'string' as const }])),
  help: { type: 'boolean' as const, short: 'h' },
  version: { type: 'boolean' as const, short: 'v' }
}

/**
 * Reads the arguments after the program's name: `serve --port 4000 --log-level=debug`.
 * @throws OperatorError naming the first argument that has no meaning
 */
export function parseCommandLine (args: readonly string[]): CommandLine {
  const settings: CommandLine['settings'] = {}
  let command: Command | undefined
  let folder: string | undefined
  // not strict: what is wrong is said in our own words
  for (const token of parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens) {
    if (token.kind === 'option') {
      if (token.name === 'help' || token.name === 'version') return { command: token.name, settings: {} }
      const setting = settingOf.get(token.name)
      if (setting === undefined) throw new OperatorError(`There is no option ${token.rawName}; --help lists them`)
      if (token.value === undefined) throw new OperatorError(`The option ${token.rawName} needs a value, as in ${token.rawName} VALUE`)
      settings[setting] = token.value
    } else if (token.kind === 'positional') {
      const { value: word } = token
      if (word === 'help') return { command: 'help', settings: {} }
      if (command === undefined) command = toCommand(word)
      else if (needsFolder(command) && folder === undefined) folder = word
      else throw new OperatorError(`One command at a time, got "${command}" and "${word}"`)
    }
  }
  if (command && needsFolder(command) && folder === undefined) throw new OperatorError(`The command ${command} needs a folder, as in ${command} /var/backups`)
  return { command: command ?? 'start', settings, ...(folder === undefined ? {} : { folder }) }
}

function needsFolder (command: Command): boolean {
  return command === 'backup' || command === 'restore'
}

function toCommand (word: string): Command {
  const command = commands.find(name => name === word)
  if (!command) throw new OperatorError(`The command must be one of ${commands.join(', ')}, got "${word}"; --help explains them`)
  return command
}
