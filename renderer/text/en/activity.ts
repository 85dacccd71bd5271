export const activity = {
  activity: {
    title: 'Activity',
    empty: 'Nothing has happened yet.',
    older: 'Show older',
    loading: 'Looking…',
    end: 'That is all there is.',
  },
};
