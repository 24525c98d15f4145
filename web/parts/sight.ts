/** How somebody sees: all cones, or one kind missing. */
export type Seeing = "all" | "protan" | "deutan" | "tritan";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/**
 * Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
 * Deficiency", IEEE TVCG 15(6), 2009, severity 1.0, applied to linear light.
 */
const deficiencies: Readonly<Record<Exclude<Seeing, "all">, Matrix>> = {
  protan: [
    [0.152_286, 1.052_583, -0.204_868],
    [0.114_503, 0.786_281, 0.099_216],
    [-0.003_882, -0.048_116, 1.051_998],
  ],
  deutan: [
    [0.367_322, 0.860_646, -0.227_968],
    [0.280_085, 0.672_501, 0.047_413],
    [-0.011_82, 0.042_94, 0.968_881],
  ],
  tritan: [
    [1.255_528, -0.076_749, -0.178_779],
    [-0.078_411, 0.930_809, 0.147_602],
    [0.004_733, 0.691_367, 0.303_9],
  ],
};

/** From linear light to the cones and on to lightness and two opponents: Ottosson's Oklab, 2020. */
const cones: Matrix = [
  [0.412_221_47, 0.536_332_54, 0.051_445_99],
  [0.211_903_5, 0.680_699_55, 0.107_396_96],
  [0.088_302_46, 0.281_718_84, 0.629_978_7],
];
const opponents: Matrix = [
  [0.210_454_26, 0.793_617_79, -0.004_072_05],
  [1.977_998_5, -2.428_592_21, 0.450_593_71],
  [0.025_904_04, 0.782_771_77, -0.808_675_77],
];

/** A colour as somebody sees it, in linear light. */
export function seen(hex: string, seeing: Seeing): Triple {
  const light = linear(hex);
  if (seeing === "all") return light;
  return map(through(deficiencies[seeing], light), (part) => Math.min(1, Math.max(0, part)));
}

/** How far two colours in linear light look apart, as the distance in Oklab. */
export function apart(one: Triple, other: Triple): number {
  const [l, a, b] = oklab(one);
  const [m, c, d] = oklab(other);
  return Math.hypot(l - m, a - c, b - d);
}

/** WCAG's contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function oklab(light: Triple): Triple {
  return through(opponents, map(through(cones, light), Math.cbrt));
}

function luminance(hex: string): number {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(hex: string): Triple {
  return map([1, 3, 5], (at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

function through([one, two, three]: Matrix, of: Triple): Triple {
  const row = (weights: Triple) => weights[0] * of[0] + weights[1] * of[1] + weights[2] * of[2];
  return [row(one), row(two), row(three)];
}

function map([one, two, three]: Triple, change: (part: number) => number): Triple {
  return [change(one), change(two), change(three)];
}
