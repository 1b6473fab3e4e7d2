import { systemRandom } from '../../values/index.ts';

const manners =
  'able ample apt blunt bold brave brief bright calm clean clear close cosy crisp deft eager early even exact fair fast fine firm fleet fond free frank fresh full gentle glad good grand great handy happy hardy honest jolly just keen kind large lean light loyal lucid merry mild neat nimble noble novel patient plain polite proud quick quiet rare ready robust safe sharp shy smart snug solid sound stable steady stout strong sure swift tidy tough true vast vivid warm whole wise witty young'.split(
    ' ',
  );
const adverbs =
  'ably aptly barely blindly boldly bravely briefly calmly clearly closely duly eagerly early easily evenly fairly fondly freely gently gladly hardly highly justly keenly kindly largely lightly loudly mainly mildly mostly nearly neatly nicely openly partly plainly quickly quietly rarely really safely simply slowly solely sorely surely swiftly truly vastly warmly wholly widely wisely'.split(
    ' ',
  );
const animals =
  'adder ant ape asp auk badger bat bear beaver bee bison boar bug camel cat cicada civet cobra cod colt condor crab crane crow cub deer dingo dodo dog donkey dove duck eagle eel egret elk emu ewe falcon ferret finch fish fly fowl fox frog gecko gnu goat goose grouse gull hare hawk hen heron hippo hog horse hound ibex ibis iguana jackal jay kite kiwi koala lamb lark lemur lion lizard llama loon lynx magpie mako mantis marten mink mole monkey moose moth mouse mule newt ocelot octopus oriole osprey otter owl ox oyster panda parrot perch pig pigeon pika pony puffin puma quail rabbit ram rat raven ray robin rook salmon seal shad shark sheep shrew shrimp skunk sloth slug snail snake sole spider squid stag stork swan tapir tern tick tiger toad trout tuna turtle viper vole walrus wasp weasel whale wolf wombat worm wren yak zebra'.split(
    ' ',
  );

const pick = (words: readonly string[], longest: number): string => {
  const fitting = words.filter((word) => word.length <= longest);
  const from = fitting.length === 0 ? words : fitting;
  return from[systemRandom.below(from.length)]!;
};

/** A name of that many words, none of them longer than told: an animal, what it is like, and how much so. */
export const randomPet = (count: number, longest: number): string[] => {
  if (count <= 1) return [pick(animals, longest)];
  const before = Array.from({ length: count - 2 }, () => pick(adverbs, longest));
  return [...before, pick(manners, longest), pick(animals, longest)];
};
