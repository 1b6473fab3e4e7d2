import { tellDrbdStory } from './drbd-story.ts';

tellDrbdStory({ name: '8.4', role: (own, peer) => `${own}/${peer}`, searching: 'WFConnection' });
