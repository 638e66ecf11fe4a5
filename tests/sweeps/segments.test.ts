import { miscounted } from '../support/segment-texts';

test("100,000 texts of every kind are counted as Twilio's own calculator counts them", () => {
  expect(miscounted(100_000)).toEqual([]);
});
