/** Why a file could not be read or listed, for `cannot read NAME: …`: the common causes in words, others as the system says them. */
export function whyUnreadable(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  return (code !== undefined && words[code]) || message
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
}
