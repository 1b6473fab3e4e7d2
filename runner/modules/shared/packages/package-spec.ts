/** What a task asks for: `foo`, `foo=1.2*`, `foo>=1.2`, `foo*`. */
export interface PackageSpec {
  readonly text: string;
  readonly name: string;
  readonly operator: '=' | '>=' | undefined;
  readonly version: string | undefined;
}

/** Takes apart what a task asks for. */
export const parsePackageSpec = (text: string): PackageSpec => {
  const match = /^(.*?)(>?=)(.*)$/s.exec(text);
  return match
    ? { text, name: match[1]!, operator: match[2] as '=' | '>=', version: match[3]! }
    : { text, name: text, operator: undefined, version: undefined };
};

/** Whether a name is a pattern. */
export const isPattern = (name: string): boolean => /[*?[\]!]/.test(name);

/** The inside of a regular expression, POSIX extended, that matches what Python's fnmatch does. */
export const patternSource = (pattern: string): string => {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '[') {
      const end = pattern.indexOf(']', pattern[index + 1] === '!' ? index + 3 : index + 2);
      if (end === -1) source += '\\[';
      else {
        source += `[${pattern.slice(index + 1, end).replace(/^!/, '^')}]`;
        index = end;
      }
    } else source += /[A-Za-z0-9_ :~-]/.test(character) ? character : `\\${character}`;
  }
  return source;
};
