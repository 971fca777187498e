import { describe, expect, test } from '@jest/globals';
import type { Template } from '../../infra/azure/template/template.ts';
import { Stage, type Value } from './support/evaluate.ts';

const none: Template = {
  $schema: '',
  contentVersion: '1.0.0.0',
  parameters: {},
  variables: { x: { y: 'v' } },
  resources: [],
  outputs: {},
};

const evaluate = (expression: string): Value => new Stage(none, {}).json(`[${expression}]`);

// Both lists are what Resource Manager's own engine answers: `bicep snapshot` 0.49.2, each expression by itself.
describe('expressions that Resource Manager takes', () => {
  test.each<[string, Value]>([
    ['true()', true],
    ['TRUE()', true],
    ['null()', null],
    ['concat()', ''],
    ["'literal'", 'literal'],
    ['5', 5],
    ['-5', -5],
    ["concat('a', +1)", 'a1'],
    ["concat('it''s')", "it's"],
    ["concat ( 'a' , 'b' )", 'ab'],
    ["variables('x').y", 'v'],
    ["variables('x')['y']", 'v'],
    ['createArray(1)[0]', 1],
    ["createObject('a', 1).a", 1],
    ['if(true(), 1, 2)', 1],
  ])('%s', (expression, value) => expect(evaluate(expression)).toEqual(value));
});

describe('expressions that Resource Manager refuses', () => {
  test.each([
    'true',
    'not(true)',
    'null',
    "concat('a',)",
    "concat('a' 'b')",
    "concat('a'",
    "concat('a'))",
    "concat('a'),concat('b')",
    'concat("a")',
    '1.5',
    "'a",
    "concat('a', - 1)",
    "variables('x')[0]",
    'createArray(1)[-1]',
    "concat('a').[0]",
    "concat('a')?.b",
    "createObject('a', 1).?a",
    "if(equals(1, 1), 'a', 'b', 'c')",
    "nosuch('a')",
  ])('%s', (expression) => expect(() => evaluate(expression)).toThrow());
});
