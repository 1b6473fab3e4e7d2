/**
 * What most likely is meant where YAML's grammar stumbled, told from the line where it did and the one above.
 * `message` is the grammar's complaint, `column` counts from 1.
 */
export const hintFor = (message: string, line: string, above: string, column: number): string | undefined => {
  if (/^ *\t/.test(line) || message.includes('tab character')) {
    return 'indent with spaces: YAML does not allow tabs there';
  }
  if (/(?:^|[:\-[,]\s+)\{\{/.test(line) && !/["']\{\{/.test(line)) {
    return 'quote a value that begins with an expression: key: "{{ variable }}"';
  }
  if (message.includes('mapping values are not allowed') || message.includes('did not find expected')) {
    const mixed = mixesShorthand(line, above);
    if (mixed) return 'use either key=value on one line or a mapping below it, not both';
  }
  if (endsQuoteEarly(line)) {
    return 'a value that begins with a quote must end with it: quote the whole value, as in when: \'"ok" in result.stdout\'';
  }
  if (message.includes('unexpected end of stream')) return 'a closing quote is missing';
  if (message.includes('mapping values are not allowed')) {
    if (line.slice(0, column - 1).includes(': ')) {
      return "quote a value that holds ': ', or leave out the space behind the second colon";
    }
    return 'the line above is not finished, or this line is indented too far';
  }
  if (message.includes("could not find expected ':'") || message.includes('did not find expected key')) {
    if (/^\s*(?:- )?[\w.-]+:[^\s/]/.test(line)) return 'put a space behind the colon of a key';
    if (message.includes('did not find expected key')) {
      return 'keys of one mapping must begin in the same column; look at the indentation of this line and of those above';
    }
    return "a key ends with a colon, 'key: value'; longer text must be indented further than its key";
  }
  if (message.includes('cannot start any token')) {
    const character = line[column - 1];
    return character === undefined ? undefined : `quote a value that begins with '${character}'`;
  }
  if (message.includes("expected '-' indicator")) {
    return "entries of a list begin with '- ', all in the same column";
  }
  if (message.includes('sequence entries are not allowed')) {
    return "entries of a list, '- ', can stand neither among keys nor on the line of their key: look at the indentation";
  }
  if (message.includes('expected <document start>')) {
    return 'this line belongs to nothing above it: look at its indentation';
  }
  if (message.includes("expected ',' or")) return 'a bracket is not closed, or a comma is missing between entries';
  if (message.includes('escape character')) {
    return 'double the backslash, or use single quotes, in which backslashes mean themselves';
  }
  if (message.includes('expected a single document')) return "leave out the '---' in the middle of the file";
  return undefined;
};

/** `- copy: src=a` above a more indented `dest: b`. */
const mixesShorthand = (line: string, above: string): boolean =>
  [above, line].some((text) => /^\s*(?:- )?[\w.]+:\s+\S*\w=\S/.test(text)) && /^\s+[\w]+:\s/.test(line);

/** `key: "word" and more`: text behind the closing quote. */
const endsQuoteEarly = (line: string): boolean =>
  /(?:^\s*-|:)\s+"[^"]*"\s*[^\s#,\]}:]/.test(line) || /(?:^\s*-|:)\s+'[^']*'\s*[^\s#,\]}:']/.test(line);
