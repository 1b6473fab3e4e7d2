import { ModuleFailure } from '../../../errors/index.ts';
import {
  type PythonMatch,
  type PythonRegex,
  PythonRegexError,
  pythonRegex,
  type RegexFlags,
} from '../../../values/python-regex.ts';
import { parseReplacement } from '../../../values/python-regex-template.ts';

/** Text as the bytes that it has in UTF-8, one character a byte: how Python's re sees bytes. */
export const byteText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** A pattern for byte texts. Throws ModuleFailure for a pattern that is wrong. */
export const bytesRegex = (pattern: string): PythonRegex => compileRegex(byteText(pattern), { ascii: true }, pattern);

/** A pattern for texts. Throws ModuleFailure for a pattern that is wrong. */
export const textRegex = (pattern: string, flags: RegexFlags): PythonRegex => compileRegex(pattern, flags, pattern);

const compileRegex = (pattern: string, flags: RegexFlags, shown: string): PythonRegex => {
  try {
    return pythonRegex(pattern, flags);
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new ModuleFailure(`Invalid regular expression '${shown}': ${error.message}`);
  }
};

/** Python's match.expand: a replacement with the groups of a match in it. */
export const expandMatch = (regex: PythonRegex, match: PythonMatch, template: string): string => {
  try {
    return parseReplacement(template, regex.groupCount, regex.names)
      .map((part) => (typeof part === 'string' ? part : (match.groups[part] ?? '')))
      .join('');
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new ModuleFailure(`Invalid replacement '${template}': ${error.message}`);
  }
};

/** Python's re.subn: every match replaced. Throws ModuleFailure for a replacement that is wrong. */
export const replaceMatches = (
  regex: PythonRegex,
  text: string,
  template: string,
): { readonly text: string; readonly count: number } => {
  try {
    return regex.replaceAndCount(text, template);
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new ModuleFailure(`Invalid replacement '${template}': ${error.message}`);
  }
};
