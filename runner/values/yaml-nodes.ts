import { compare } from './compare.ts';
import { PyDate, PyDateTime } from './dates.ts';
import { Float, PyObject, Template, Undefined, VaultText } from './objects.ts';
import { floatText, toText, typeName } from './print.ts';
import type { Dict, Value } from './types.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface NodeBase {
  /** The name that a later alias refers to; given when a value stands in several places. */
  anchor: string | undefined;
}
export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly tag: string;
  readonly text: string;
  readonly style: ScalarStyle;
}
export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
  readonly isFlow: boolean;
}
export interface MappingNode extends NodeBase {
  readonly kind: 'mapping';
  readonly tag: 'map' | 'set';
  readonly entries: readonly (readonly [YamlNode, YamlNode])[];
  readonly isFlow: boolean;
}
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

export interface NodeOptions {
  /** Null: collections of nothing but scalars are written in one line. */
  readonly flowStyle: boolean | null;
  readonly sortKeys: boolean;
  readonly style: ScalarStyle;
  readonly onUndefined: (value: Undefined) => never;
}

/** The nodes that PyYAML's representer makes of a value; the same list or mapping in two places becomes one node. */
export const representYaml = (root: Value, { flowStyle, sortKeys, style, onUndefined }: NodeOptions): YamlNode => {
  const known = new Map<Value, YamlNode>();

  const represent = (value: Value): YamlNode => {
    if (value === null) return scalar('null', 'null');
    if (typeof value === 'string') return scalar('str', value);
    if (typeof value === 'boolean') return scalar('bool', String(value));
    if (typeof value === 'bigint') return scalar('int', String(value));
    if (typeof value === 'number' && Number.isInteger(value)) return scalar('int', toText(value));
    if (typeof value === 'number' || value instanceof Float) return scalar('float', yamlFloat(Number(value)));
    if (value instanceof Template) return scalar('str', value.source);
    if (value instanceof VaultText) return { ...scalar('vault', value.ciphertext), style: 'literal' };
    if (value instanceof Undefined) return onUndefined(value);
    const before = known.get(value);
    if (before !== undefined) return before;
    const node = representObject(value);
    if (!Array.isArray(value) || value.length > 0 || typeName(value) !== 'tuple') known.set(value, node);
    return node;
  };

  const representObject = (value: Value[] | Dict | Set<Value> | PyObject): YamlNode => {
    if (Array.isArray(value)) {
      const items = value.map(represent);
      return { kind: 'sequence', items, isFlow: flowStyle ?? items.every(isSimple), anchor: undefined };
    }
    if (value instanceof Map) return mapping('map', value);
    if (value instanceof Set) return mapping('set', new Map([...value].map((item) => [item, null])));
    if (value instanceof PyDate || value instanceof PyDateTime) return scalar('timestamp', value.toText());
    const plain = value.toJson();
    if (plain instanceof PyObject || typeof plain === 'string')
      throw new TypeError(`cannot represent an object: ${value.toRepr()}`);
    return represent(plain);
  };

  const mapping = (tag: 'map' | 'set', map: Dict): MappingNode => {
    const entries = (sortKeys ? sorted(map) : [...map]).map(
      ([key, item]) => [represent(key), represent(item)] as const,
    );
    const isFlow = flowStyle ?? entries.every(([key, item]) => isSimple(key) && isSimple(item));
    return { kind: 'mapping', tag, entries, isFlow, anchor: undefined };
  };

  const scalar = (tag: string, text: string): ScalarNode => ({ kind: 'scalar', tag, text, style, anchor: undefined });

  const node = represent(root);
  giveAnchors(node);
  return node;
};

const isSimple = (node: YamlNode): boolean => node.kind === 'scalar' && node.style === 'plain';

const yamlFloat = (value: number): string => {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
};

// Keys that have no order stay as they are.
const sorted = (map: Dict): [Value, Value][] => {
  let isOrdered = true;
  const entries = [...map].sort(([left], [right]) => {
    const order = compare(left, right);
    if (order === undefined) isOrdered = false;
    return order ?? 0;
  });
  return isOrdered ? entries : [...map];
};

const giveAnchors = (root: YamlNode): void => {
  const seen = new Set<YamlNode>();
  let last = 0;
  const visit = (node: YamlNode): void => {
    if (seen.has(node)) {
      node.anchor ??= `id${String(++last).padStart(3, '0')}`;
      return;
    }
    seen.add(node);
    if (node.kind === 'sequence') node.items.forEach(visit);
    else if (node.kind === 'mapping')
      for (const [key, item] of node.entries) {
        visit(key);
        visit(item);
      }
  };
  visit(root);
};
