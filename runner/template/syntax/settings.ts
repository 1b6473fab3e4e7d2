/** What Jinja2's environment can be told about the syntax, by its own names. */
export interface Syntax {
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  readonly lineStatementPrefix: string;
  readonly lineCommentPrefix: string;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly newlineSequence: string;
  /** `do`, `loopcontrols`: Jinja2's extensions that add statements. */
  readonly extensions: readonly string[];
  /** Doubles backslashes in the string literals of `{{ }}`, as Ansible does with what stands in playbooks. */
  readonly escapeBackslashes: boolean;
}

/** The syntax in playbooks: Jinja2's, with Ansible's `trim_blocks`. */
export const defaultSyntax: Syntax = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  lineStatementPrefix: '',
  lineCommentPrefix: '',
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newlineSequence: '\n',
  extensions: [],
  escapeBackslashes: false,
};
