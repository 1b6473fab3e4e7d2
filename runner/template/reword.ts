import { TemplateError } from '../errors/index.ts';

/** The error of a template with what Ansible puts before it, which playbooks look for. */
export const reworded = (error: TemplateError, ofUndefined: string): TemplateError => {
  const message = openingOf(error, ofUndefined) + error.message;
  return new TemplateError(error.kind, { ...error.problems[0], message }, { cause: error });
};

/** Does work, and rewords the errors of templates in it. */
export const rewording = <T>(ofUndefined: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof TemplateError ? reworded(error, ofUndefined) : error;
  }
};

/** A filter or test that is named only while a template runs (`map('…')`) and that there is not. */
const isUnknownPlugin = ({ cause }: TemplateError): boolean => cause === whileRunning;

/** The cause of an error about a name that only a running template could know. */
export const whileRunning = Symbol('named while the template ran');

const openingOf = (error: TemplateError, ofUndefined: string): string => {
  const { kind } = error;
  if (kind === 'undefined') return ofUndefined;
  if (isUnknownPlugin(error)) return '';
  if (kind === 'syntax') return 'template error while templating string: ';
  return kind === 'type' ? 'Unexpected templating type error occurred: ' : '';
};

/** What Ansible calls the class of an error, as the template module tells it. */
export const className = (error: TemplateError): string =>
  isUnknownPlugin(error) ? 'TemplateSyntaxError' : (classNames[error.kind] ?? 'AnsibleError');

const classNames: Partial<Record<TemplateError['kind'], string>> = {
  undefined: 'AnsibleUndefinedVariable',
  zerodivision: 'ZeroDivisionError',
};
