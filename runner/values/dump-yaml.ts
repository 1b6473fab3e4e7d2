import type { Undefined } from './objects.ts';
import type { Value } from './types.ts';
import { YamlEmitter } from './yaml-emitter.ts';
import { representYaml, type ScalarStyle } from './yaml-nodes.ts';

/** The options of PyYAML's dump. */
export interface DumpYamlOptions {
  /** Spaces a level; 2 unless told. */
  readonly indent?: number | null | undefined;
  /** The column after which text is folded; 80 unless told. */
  readonly width?: number | null | undefined;
  /** Null, the default: collections of nothing but scalars stand in one line. */
  readonly flowStyle?: boolean | null | undefined;
  readonly sortKeys?: boolean;
  readonly allowUnicode?: boolean;
  /** The style of scalars: `'`, `"`, `|` or `>`. */
  readonly defaultStyle?: string | null | undefined;
  readonly explicitStart?: boolean | null | undefined;
  readonly explicitEnd?: boolean | null | undefined;
}

const styles: Readonly<Record<string, ScalarStyle>> = { "'": 'single', '"': 'double', '|': 'literal', '>': 'folded' };

/**
 * YAML exactly as PyYAML with libyaml writes it. Throws a TypeError for what has no form in YAML; `onUndefined` is
 * called, and has to throw, for a value that is undefined.
 */
export const dumpYaml = (
  value: Value,
  options: DumpYamlOptions = {},
  onUndefined: (value: Undefined) => never = refuseUndefined,
): string => {
  const node = representYaml(value, {
    flowStyle: options.flowStyle ?? null,
    sortKeys: options.sortKeys ?? true,
    style: styles[options.defaultStyle ?? ''] ?? 'plain',
    onUndefined,
  });
  const wanted = options.indent ?? 2;
  const indent = wanted < 2 || wanted > 9 ? 2 : wanted;
  const emitter = new YamlEmitter({
    indent,
    width: readWidth(options.width ?? 80, indent),
    allowUnicode: options.allowUnicode ?? true,
  });
  const text = emitter.emit(node, options.explicitStart ?? false);
  return text + (options.explicitEnd || emitter.isOpenEnded ? '...\n' : '');
};

const readWidth = (width: number, indent: number): number => {
  if (width < 0) return Number.POSITIVE_INFINITY;
  return width <= indent * 2 ? 80 : width;
};

const refuseUndefined = (): never => {
  throw new TypeError('cannot represent an undefined value');
};
