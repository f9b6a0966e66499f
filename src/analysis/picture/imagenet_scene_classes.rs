//! The ImageNet classes and COCO objects that speak for each scene word.
//!
//! ImageNet has a thousand narrow classes, and a scene shows in many of them together ("alp", "valley" and "cliff" are
//! all mountains), so the probabilities are added up by word. A class whose weight is below 1 is only a hint. Words for
//! light and mood, such as `golden`, are not here but in [`light_and_color_words`](super::light_and_color_words).

use std::ops::RangeInclusive;

/// A range of classes and the weight of each.
type Classes = (RangeInclusive<u16>, f32);

/// A scene word with its classes (indices of `imagenet-1k.json`) and objects (COCO names).
pub(crate) struct SceneWord {
    pub word: &'static str,
    /// The score is the sum of probability × weight over these …
    pub classes: &'static [Classes],
    /// … or the largest score × weight of these objects, whichever is higher.
    pub objects: &'static [(&'static str, f32)],
}

/// Shorthand for the table: single classes at full weight.
macro_rules! at {
    ($($index:literal),* $(,)?) => { &[$(($index..=$index, 1.0)),*] };
}

/// All words that networks give.
pub(crate) const SCENE_WORDS: &[SceneWord] = &[
    SceneWord {
        word: "dog",
        classes: &[(151..=268, 1.0)],
        objects: &[("dog", 0.9)],
    },
    SceneWord {
        word: "cat",
        classes: &[(281..=285, 1.0)],
        objects: &[("cat", 1.0)],
    },
    SceneWord {
        word: "bird",
        classes: &[(7..=24, 1.0), (80..=100, 1.0), (127..=146, 1.0)],
        objects: &[("bird", 0.6)],
    },
    SceneWord {
        word: "insect",
        classes: &[(69..=77, 0.8), (300..=326, 1.0)],
        objects: &[],
    },
    SceneWord {
        word: "wildlife",
        classes: &[
            (25..=68, 0.8),
            (101..=106, 1.0),
            (269..=280, 1.0),
            (286..=299, 1.0),
            (330..=388, 1.0),
        ],
        objects: &[
            ("elephant", 0.9),
            ("bear", 0.6),
            ("zebra", 0.9),
            ("giraffe", 0.7),
            ("horse", 0.9),
            ("cow", 0.8),
            ("sheep", 0.7),
        ],
    },
    SceneWord {
        word: "mountain",
        classes: &[
            (970..=970, 1.0),
            (972..=972, 0.7),
            (979..=979, 1.0),
            (980..=980, 0.4),
            (672..=672, 0.8),
            (349..=350, 0.4),
        ],
        objects: &[],
    },
    SceneWord {
        word: "sea",
        classes: &[
            (2..=4, 0.8),
            (147..=150, 0.8),
            (976..=978, 0.9),
            (460..=460, 1.0),
            (973..=973, 0.6),
            (437..=437, 0.4),
            (484..=484, 0.8),
            (510..=510, 0.7),
            (540..=540, 0.8),
            (554..=554, 0.7),
            (628..=628, 0.8),
            (780..=780, 0.8),
            (871..=871, 0.9),
            (914..=914, 0.9),
            (833..=833, 0.6),
            (718..=718, 0.7),
            (625..=625, 0.7),
        ],
        objects: &[("surfboard", 0.9)],
    },
    SceneWord {
        word: "beach",
        classes: &[(977..=978, 1.0), (445..=445, 0.3), (842..=842, 0.4)],
        objects: &[("surfboard", 0.6)],
    },
    SceneWord {
        word: "lake",
        classes: &[
            (975..=975, 1.0),
            (449..=449, 0.4),
            (472..=472, 0.7),
            (536..=536, 0.5),
            (525..=525, 0.3),
        ],
        objects: &[],
    },
    SceneWord {
        word: "landscape",
        classes: &[
            (970..=970, 1.0),
            (972..=972, 1.0),
            (974..=980, 0.9),
            (958..=958, 0.6),
            (984..=984, 0.6),
            (912..=912, 0.6),
            (425..=425, 0.5),
            (449..=449, 0.4),
            (672..=672, 0.7),
            (888..=888, 0.4),
            (525..=525, 0.4),
        ],
        objects: &[],
    },
    SceneWord {
        word: "snow",
        classes: &[
            (537..=537, 1.0),
            (795..=795, 0.7),
            (802..=803, 1.0),
            (970..=970, 0.3),
            (450..=450, 0.8),
        ],
        objects: &[("skis", 0.9), ("snowboard", 0.9)],
    },
    SceneWord {
        word: "building",
        classes: &[
            (425..=425, 0.9),
            (437..=437, 0.6),
            (442..=442, 0.8),
            (449..=449, 0.7),
            (483..=483, 1.0),
            (497..=497, 1.0),
            (498..=498, 0.5),
            (500..=500, 0.8),
            (538..=538, 1.0),
            (580..=580, 0.6),
            (660..=660, 0.9),
            (663..=663, 1.0),
            (668..=668, 1.0),
            (682..=682, 0.6),
            (698..=698, 1.0),
            (716..=716, 0.4),
            (743..=743, 0.8),
            (832..=832, 1.0),
            (853..=853, 0.8),
            (858..=858, 0.9),
            (873..=873, 0.9),
            (900..=900, 0.7),
            (915..=915, 0.7),
            (919..=919, 0.3),
            (727..=727, 0.7),
        ],
        objects: &[],
    },
    SceneWord {
        word: "landmark",
        classes: at![483, 649, 663, 668, 682, 698, 708, 832, 863, 873, 538],
        objects: &[],
    },
    SceneWord {
        word: "city",
        classes: &[
            (468..=468, 0.9),
            (498..=498, 0.5),
            (517..=517, 0.5),
            (547..=547, 0.3),
            (654..=654, 0.6),
            (660..=660, 0.35),
            (682..=682, 0.4),
            (698..=698, 0.4),
            (704..=704, 0.8),
            (718..=718, 0.4),
            (734..=734, 0.6),
            (779..=779, 0.6),
            (829..=829, 1.0),
            (839..=839, 0.5),
            (874..=874, 1.0),
            (873..=873, 0.5),
            (919..=920, 0.9),
            (707..=707, 0.8),
            (536..=536, 0.4),
            (405..=405, 0.3),
            (821..=821, 0.4),
            (612..=612, 0.6),
        ],
        objects: &[
            ("traffic light", 0.6),
            ("bus", 0.8),
            ("stop sign", 0.4),
            ("parking meter", 0.5),
            ("fire hydrant", 0.8),
        ],
    },
    SceneWord {
        word: "bridge",
        classes: at![839, 821, 888],
        objects: &[],
    },
    SceneWord {
        word: "indoor",
        classes: &[
            (406..=406, 0.8),
            (415..=415, 0.8),
            (421..=421, 0.7),
            (423..=424, 1.0),
            (431..=431, 0.8),
            (435..=435, 1.0),
            (448..=448, 0.2),
            (453..=454, 1.0),
            (467..=467, 0.8),
            (493..=493, 1.0),
            (495..=495, 1.0),
            (498..=498, 0.7),
            (508..=508, 0.5),
            (509..=509, 0.6),
            (516..=516, 1.0),
            (520..=521, 0.9),
            (526..=527, 1.0),
            (532..=532, 1.0),
            (534..=534, 1.0),
            (544..=544, 0.7),
            (548..=548, 1.0),
            (550..=550, 0.8),
            (553..=553, 0.6),
            (556..=556, 0.8),
            (564..=564, 1.0),
            (579..=579, 0.6),
            (582..=582, 0.8),
            (598..=598, 1.0),
            (619..=620, 0.8),
            (624..=624, 1.0),
            (648..=648, 1.0),
            (651..=651, 1.0),
            (662..=662, 0.6),
            (664..=664, 0.8),
            (687..=687, 0.7),
            (713..=713, 0.8),
            (721..=721, 0.9),
            (729..=729, 0.8),
            (736..=736, 1.0),
            (742..=743, 0.5),
            (750..=750, 1.0),
            (753..=753, 0.8),
            (760..=760, 1.0),
            (762..=762, 0.9),
            (765..=765, 0.8),
            (782..=782, 0.5),
            (788..=789, 0.9),
            (794..=794, 0.7),
            (799..=799, 0.7),
            (804..=804, 0.8),
            (811..=811, 0.9),
            (819..=819, 0.5),
            (827..=827, 1.0),
            (831..=831, 1.0),
            (846..=846, 1.0),
            (851..=851, 0.9),
            (854..=854, 0.8),
            (857..=857, 0.6),
            (859..=861, 0.8),
            (865..=865, 0.8),
            (876..=876, 1.0),
            (881..=882, 0.8),
            (884..=884, 0.5),
            (892..=892, 0.7),
            (894..=894, 1.0),
            (896..=897, 1.0),
            (904..=905, 0.5),
            (697..=697, 0.4),
            (733..=733, 0.0),
        ],
        objects: &[
            ("bed", 0.9),
            ("couch", 0.9),
            ("toilet", 0.9),
            ("sink", 0.8),
            ("oven", 0.9),
            ("microwave", 0.9),
            ("refrigerator", 0.9),
            ("dining table", 0.6),
            ("tv", 0.5),
            ("laptop", 0.5),
            ("keyboard", 0.4),
        ],
    },
    SceneWord {
        word: "bedroom",
        classes: &[
            (564..=564, 1.0),
            (750..=750, 0.9),
            (721..=721, 0.8),
            (831..=831, 0.5),
            (520..=520, 0.8),
            (516..=516, 0.8),
            (669..=669, 0.6),
            (846..=846, 0.3),
        ],
        objects: &[("bed", 1.0)],
    },
    SceneWord {
        word: "kitchen",
        classes: at![534, 550, 567, 651, 729, 760, 827, 859, 909, 766],
        objects: &[("oven", 0.9), ("microwave", 0.9), ("refrigerator", 0.9)],
    },
    SceneWord {
        word: "bathroom",
        classes: at![435, 648, 794, 804, 861, 876, 896, 999],
        objects: &[("toilet", 0.9), ("sink", 0.5)],
    },
    SceneWord {
        word: "office",
        classes: at![508, 526, 527, 553, 620, 664, 673, 713, 742],
        objects: &[("laptop", 0.7), ("keyboard", 0.6), ("mouse", 0.6)],
    },
    SceneWord {
        word: "food",
        classes: &[
            (923..=966, 1.0),
            (415..=415, 0.3),
            (582..=582, 0.3),
            (762..=762, 0.3),
            (809..=809, 0.7),
            (987..=987, 0.5),
            (969..=969, 0.6),
            (567..=567, 0.5),
            (909..=909, 0.5),
            (521..=521, 0.4),
            (544..=544, 0.4),
            (666..=666, 0.5),
            (813..=813, 0.4),
            (910..=910, 0.4),
        ],
        objects: &[
            ("pizza", 0.7),
            ("cake", 0.6),
            ("sandwich", 0.8),
            ("donut", 0.6),
            ("hot dog", 0.7),
            ("banana", 0.5),
            ("apple", 0.6),
            ("orange", 0.5),
            ("broccoli", 0.8),
            ("carrot", 0.6),
            ("bowl", 0.4),
        ],
    },
    SceneWord {
        word: "drink",
        classes: &[
            (440..=441, 1.0),
            (503..=505, 0.9),
            (572..=572, 1.0),
            (604..=604, 0.3),
            (647..=647, 0.4),
            (737..=737, 0.9),
            (899..=899, 0.6),
            (901..=901, 1.0),
            (907..=907, 1.0),
            (966..=969, 1.0),
            (438..=438, 0.4),
            (550..=550, 0.5),
            (512..=512, 0.6),
        ],
        objects: &[("wine glass", 0.9), ("cup", 0.6), ("bottle", 0.6)],
    },
    SceneWord {
        word: "sport",
        classes: &[
            (416..=416, 1.0),
            (422..=422, 0.9),
            (429..=430, 1.0),
            (522..=522, 0.8),
            (543..=543, 0.9),
            (560..=560, 1.0),
            (574..=574, 0.9),
            (602..=602, 0.9),
            (615..=615, 0.6),
            (702..=702, 0.9),
            (722..=722, 0.9),
            (746..=747, 0.9),
            (752..=752, 0.9),
            (768..=768, 1.0),
            (795..=795, 0.9),
            (805..=805, 1.0),
            (852..=852, 1.0),
            (880..=880, 0.6),
            (890..=890, 1.0),
            (981..=981, 1.0),
            (671..=671, 0.7),
            (518..=518, 0.5),
        ],
        objects: &[
            ("sports ball", 0.8),
            ("tennis racket", 0.6),
            ("baseball glove", 1.0),
            ("baseball bat", 1.0),
            ("skateboard", 1.0),
            ("surfboard", 1.0),
            ("skis", 0.9),
            ("snowboard", 0.9),
        ],
    },
    SceneWord {
        word: "music",
        classes: &[
            (401..=402, 1.0),
            (420..=420, 1.0),
            (432..=432, 1.0),
            (486..=486, 1.0),
            (513..=513, 1.0),
            (541..=542, 0.9),
            (546..=546, 1.0),
            (558..=558, 1.0),
            (566..=566, 1.0),
            (579..=579, 0.9),
            (593..=594, 0.9),
            (632..=632, 0.7),
            (642..=642, 0.9),
            (650..=650, 0.9),
            (683..=684, 0.8),
            (687..=687, 0.8),
            (699..=699, 0.8),
            (776..=776, 1.0),
            (819..=819, 0.8),
            (822..=822, 0.9),
            (875..=875, 1.0),
            (881..=881, 0.9),
            (889..=889, 1.0),
        ],
        objects: &[],
    },
    SceneWord {
        word: "concert",
        classes: &[
            (819..=819, 1.0),
            (650..=650, 0.4),
            (818..=818, 0.6),
            (541..=541, 0.3),
            (546..=546, 0.3),
        ],
        objects: &[],
    },
    SceneWord {
        word: "vehicle",
        classes: &[
            (407..=408, 1.0),
            (436..=436, 1.0),
            (468..=468, 1.0),
            (511..=511, 1.0),
            (547..=547, 1.0),
            (555..=555, 1.0),
            (569..=569, 1.0),
            (573..=573, 1.0),
            (581..=581, 0.8),
            (609..=609, 1.0),
            (627..=627, 1.0),
            (654..=654, 1.0),
            (656..=656, 1.0),
            (661..=661, 1.0),
            (665..=665, 1.0),
            (670..=671, 0.9),
            (675..=675, 1.0),
            (705..=705, 0.9),
            (717..=717, 1.0),
            (734..=734, 1.0),
            (751..=751, 1.0),
            (757..=757, 0.9),
            (779..=779, 1.0),
            (817..=817, 1.0),
            (820..=820, 1.0),
            (829..=829, 0.9),
            (847..=847, 0.8),
            (864..=864, 1.0),
            (866..=867, 1.0),
            (874..=874, 0.9),
            (444..=444, 0.8),
            (466..=466, 1.0),
            (479..=479, 0.8),
            (475..=475, 0.9),
            (880..=880, 0.3),
            (404..=404, 1.0),
            (895..=895, 1.0),
            (814..=814, 0.9),
        ],
        objects: &[
            ("car", 0.9),
            ("bus", 0.9),
            ("truck", 0.8),
            ("motorcycle", 0.8),
            ("bicycle", 1.0),
            ("train", 0.6),
            ("airplane", 0.7),
            ("boat", 0.9),
        ],
    },
    SceneWord {
        word: "boat",
        classes: at![472, 484, 510, 554, 576, 625, 628, 780, 814, 871, 914],
        objects: &[("boat", 1.0)],
    },
    SceneWord {
        word: "flower",
        classes: &[
            (985..=986, 1.0),
            (984..=984, 0.7),
            (309..=309, 0.4),
            (322..=326, 0.3),
            (738..=738, 0.5),
            (883..=883, 0.2),
            (946..=946, 0.5),
            (580..=580, 0.2),
        ],
        objects: &[("potted plant", 0.4)],
    },
    SceneWord {
        word: "fashion",
        classes: &[
            (399..=399, 0.6),
            (411..=411, 0.3),
            (445..=445, 0.6),
            (474..=474, 0.6),
            (551..=552, 0.7),
            (568..=568, 0.9),
            (578..=578, 0.9),
            (601..=601, 0.7),
            (608..=608, 0.6),
            (614..=614, 0.8),
            (629..=629, 0.7),
            (655..=655, 0.8),
            (679..=679, 0.6),
            (689..=689, 0.7),
            (735..=735, 0.6),
            (836..=837, 0.5),
            (841..=841, 0.6),
            (869..=869, 0.8),
            (903..=903, 0.6),
            (834..=834, 0.6),
        ],
        objects: &[],
    },
    SceneWord {
        word: "text",
        classes: &[
            (916..=918, 1.0),
            (921..=922, 1.0),
            (549..=549, 0.5),
            (692..=692, 0.4),
            (692..=692, 0.3),
        ],
        objects: &[],
    },
    SceneWord {
        word: "screen",
        classes: at![487, 527, 590, 605, 620, 664, 681, 782, 851, 916],
        objects: &[("tv", 0.7), ("laptop", 0.7), ("cell phone", 0.8)],
    },
    SceneWord {
        word: "fire",
        classes: &[
            (862..=862, 0.6),
            (470..=470, 0.6),
            (644..=644, 0.6),
            (980..=980, 0.3),
        ],
        objects: &[],
    },
    SceneWord {
        word: "pattern",
        classes: &[
            (885..=885, 0.9),
            (911..=911, 0.8),
            (741..=741, 0.5),
            (533..=533, 0.6),
            (539..=539, 0.5),
            (506..=506, 0.6),
            (646..=646, 0.5),
            (616..=616, 0.5),
        ],
        objects: &[],
    },
];

/// The score that class probabilities and objects give `word`, 0..1.
pub(crate) fn evidence(word: &SceneWord, probabilities: &[f32], objects: &[(&str, f64)]) -> f64 {
    let mut by_class = 0.0_f64;
    for (range, weight) in word.classes {
        let classes = usize::from(*range.start())..usize::from(*range.end()) + 1;
        let summed: f32 = probabilities
            .get(classes)
            .map_or(0.0, |found| found.iter().sum());
        by_class += f64::from(summed * weight);
    }
    let by_object = word
        .objects
        .iter()
        .filter_map(|&(name, weight)| {
            objects
                .iter()
                .filter(|(label, _)| *label == name)
                .map(|(_, score)| score * f64::from(weight))
                .max_by(f64::total_cmp)
        })
        .max_by(f64::total_cmp)
        .unwrap_or(0.0);
    by_class.max(by_object).clamp(0.0, 1.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn classes_lie_in_the_list_and_are_what_their_word_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/imagenet-1k.json");
        let labels: Vec<String> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let coco = concat!(env!("CARGO_MANIFEST_DIR"), "/models/coco-80.json");
        let names: Vec<String> = serde_json::from_slice(&std::fs::read(coco).unwrap()).unwrap();
        for word in SCENE_WORDS {
            for (range, _) in word.classes {
                assert!(usize::from(*range.end()) < labels.len(), "{}", word.word);
            }
            for (object, _) in word.objects {
                assert!(
                    names.iter().any(|name| name == object),
                    "{}: {object}",
                    word.word
                );
            }
        }
        for (word, label) in [
            ("mountain", "alp"),
            ("sea", "seashore, coast, seacoast, sea-coast"),
            ("dog", "golden retriever"),
            ("food", "pizza, pizza pie"),
        ] {
            let index = labels.iter().position(|name| name == label).unwrap();
            let mut probabilities = vec![0.0; labels.len()];
            probabilities[index] = 1.0;
            let found = SCENE_WORDS.iter().find(|entry| entry.word == word).unwrap();
            assert!(
                evidence(found, &probabilities, &[]) > 0.85,
                "{label} is no {word}"
            );
        }
    }
}
