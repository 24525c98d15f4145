/** What holds in every world, whatever goes wrong, in the words of who relies on it. */
export const invariants: Readonly<Record<string, string>> = {
  "INV-1": "what a hub acknowledged is never lost, and never changed",
  "INV-2": "whoever has seen the same holds the same",
  "INV-3": "a replica's ops come in its order, without a gap, and as it signed them",
  "INV-4": "each op counts once, however often it comes",
  "INV-5": "nobody is shown less than they saw before",
  "INV-6": "nothing leaves its residency zone",
  "INV-7": "nothing passes from one tenant to another",
  "INV-8": "once nothing goes wrong all arrives, the urgent first, and no credit is lost",
  "INV-9": "hubs send each other what the other lacks, and not again",
  "INV-10": "no hub whose lease holds is left behind what is truncated",
};
