import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openProject } from '../../test/support/playbook-project.ts';
import { findPythonPlugin } from './index.ts';

it('finds the Python file that a filter or lookup comes from', () => {
  const project = openProject({
    'filter_plugins/mine.py': "def filters(self):\n  return {'shout': shout}\n",
    'role/lookup_plugins/secret.py': '',
  });
  try {
    const folders = [project.directory, join(project.directory, 'role')];
    expect(findPythonPlugin('filter', 'my.tools.shout', folders)).toBe(
      join(project.directory, 'filter_plugins/mine.py'),
    );
    expect(findPythonPlugin('lookup', 'secret', folders)).toBe(
      join(project.directory, 'role/lookup_plugins/secret.py'),
    );
    expect(findPythonPlugin('filter', 'whisper', folders)).toBeUndefined();
    expect(findPythonPlugin('test', 'shout', folders)).toBeUndefined();
  } finally {
    project.close();
  }
});
