/** Reads the command line: one command, for backups its folder, and any setting of the configuration as an option. */
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

/**
 * Reads the arguments after the program's name: `serve --port 4000 --log-level=debug`.
 * @throws OperatorError naming the first argument that has no meaning
 */
export function parseCommandLine (args: readonly string[]): CommandLine {
  const settings: CommandLine['settings'] = {}
  let command: Command | undefined
  let folder: string | undefined
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--help' || word === '-h' || word === 'help') return { command: 'help', settings: {} }
    if (word === '--version' || word === '-v') return { command: 'version', settings: {} }
    if (word.startsWith('-')) {
      const [option = '', ...parts] = word.split('=')
      const value = parts.length > 0 ? parts.join('=') : rest.shift()
      if (value === undefined) throw new OperatorError(`The option ${option} needs a value, as in ${option} VALUE`)
      settings[toSetting(option)] = value
      continue
    }
    if (command && needsFolder(command) && folder === undefined) {
      folder = word
      continue
    }
    if (command) throw new OperatorError(`One command at a time, got "${command}" and "${word}"`)
    command = toCommand(word)
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

function toSetting (option: string): SettingName {
  const name = settingNames.find(name => `--${name.toLowerCase().replaceAll('_', '-')}` === option)
  if (!name) throw new OperatorError(`There is no option ${option}; --help lists them`)
  return name
}
