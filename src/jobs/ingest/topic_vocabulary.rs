//! The vocabulary of topics: which words, seen or said, lead to each. `docs/screening.md` has the table for people,
//! with the names of the IAB's content taxonomy.

/// A topic, and what leads to it.
pub(super) struct TopicRule {
    /// Its word in JSON.
    pub id: &'static str,
    /// Scene words and the weight of each. Below 1 for what is often behind something else, such as grass, and for
    /// words that are wrong more often, such as `vehicle`.
    pub scenes: &'static [(&'static str, f64)],
    /// COCO objects and the weight of each: below 1, as an object may be a small part of a picture.
    pub objects: &'static [(&'static str, f64)],
    /// Words that are said, in the singular, with blanks between. Only those that hardly mean anything else.
    pub spoken: &'static str,
}

/// Shorthand for a list of words of one weight.
macro_rules! all {
    ($weight:literal: $($word:literal),* $(,)?) => { &[$(($word, $weight)),*] };
}

/// All topics.
pub(super) const VOCABULARY: [TopicRule; 19] = [
    TopicRule {
        id: "food_and_drink",
        scenes: all!(1.0: "food", "drink"),
        objects: all!(
            1.0: "pizza", "cake", "sandwich", "hot dog", "donut", "banana", "apple", "orange", "broccoli", "carrot",
            "wine glass",
        ),
        spoken: "\
            recipe butter flour dough bake baking oven cook cooking chef restaurant delicious \
            tasty soup salad cheese bread pizza burger pasta sauce garlic onion coffee tea juice \
            wine beer breakfast dessert chocolate ingredient vegetable",
    },
    TopicRule {
        id: "pets",
        scenes: all!(1.0: "dog", "cat"),
        objects: &[],
        spoken: "dog puppy puppies cat kitten pet hamster leash veterinarian vet aquarium",
    },
    TopicRule {
        id: "farm_animals",
        scenes: &[],
        objects: &[],
        spoken: "cow cattle sheep lamb horse pony chicken goat pig farm barn herd",
    },
    TopicRule {
        id: "wildlife",
        scenes: all!(1.0: "bird", "insect"),
        objects: &[],
        spoken: "\
            wildlife elephant lion tiger zebra giraffe monkey whale dolphin eagle owl insect \
            butterfly butterflies safari species predator habitat",
    },
    TopicRule {
        id: "nature",
        scenes: &[
            ("landscape", 1.0),
            ("mountain", 1.0),
            ("lake", 1.0),
            ("sea", 1.0),
            ("beach", 1.0),
            ("snow", 1.0),
            ("flower", 1.0),
            ("sunset", 0.8),
            ("water", 0.8),
            ("greenery", 0.6),
        ],
        objects: &[],
        spoken: "\
            mountain forest river lake ocean beach waterfall hike hiking trail valley meadow \
            sunrise sunset glacier flower garden",
    },
    TopicRule {
        id: "cities",
        scenes: &[
            ("city", 1.0),
            ("bridge", 1.0),
            ("landmark", 1.0),
            ("building", 0.9),
        ],
        objects: all!(0.8: "traffic light"),
        spoken: "city cities downtown skyline skyscraper architecture cathedral suburb subway",
    },
    TopicRule {
        id: "travel",
        scenes: &[],
        objects: all!(0.8: "suitcase"),
        spoken: "\
            travel trip flight airport hotel passport vacation tourist luggage itinerary hostel \
            airline visa resort",
    },
    TopicRule {
        id: "vehicles",
        scenes: &[("vehicle", 0.7), ("boat", 0.8)],
        objects: all!(0.8: "car", "truck", "bus", "motorcycle", "airplane", "train", "boat", "bicycle"),
        spoken: "\
            car truck motorcycle engine horsepower gearbox brake tire sedan garage steering \
            highway mileage",
    },
    TopicRule {
        id: "sports",
        scenes: all!(1.0: "sport"),
        objects: all!(
            0.8: "sports ball", "skateboard", "surfboard", "skis", "snowboard", "tennis racket", "baseball bat",
            "baseball glove",
        ),
        spoken: "\
            football soccer basketball baseball tennis golf hockey rugby cricket tournament \
            championship league goalkeeper referee quarterback athlete marathon skateboard \
            surfing stadium",
    },
    TopicRule {
        id: "fitness",
        scenes: &[],
        objects: &[],
        spoken: "\
            workout gym squat pushup dumbbell barbell cardio yoga stretching muscle calorie \
            protein reps",
    },
    TopicRule {
        id: "health",
        scenes: &[],
        objects: &[],
        spoken: "\
            doctor hospital patient symptom medicine medical disease therapy nurse surgery \
            diagnosis vaccine prescription",
    },
    TopicRule {
        id: "music",
        scenes: all!(1.0: "music", "concert"),
        objects: &[],
        spoken: "\
            song album guitar piano drum concert melody chord singer band lyrics orchestra \
            violin playlist",
    },
    TopicRule {
        id: "technology",
        scenes: all!(0.8: "screen"),
        objects: all!(0.8: "laptop", "keyboard", "mouse", "cell phone", "tv"),
        spoken: "\
            computer laptop software smartphone internet app browser processor battery website \
            algorithm robot programming download bluetooth camera",
    },
    TopicRule {
        id: "games",
        scenes: &[],
        objects: &[],
        spoken: "\
            gamer gaming gameplay console controller nintendo playstation xbox minecraft \
            multiplayer esports",
    },
    TopicRule {
        id: "home",
        scenes: all!(1.0: "kitchen", "bedroom", "bathroom"),
        objects: all!(0.8: "couch", "bed", "oven", "sink", "refrigerator", "toilet", "microwave"),
        spoken: "\
            furniture sofa couch bedroom bathroom kitchen curtain wallpaper shelf shelves carpet \
            renovation mortgage plumbing",
    },
    TopicRule {
        id: "fashion",
        scenes: all!(1.0: "fashion"),
        objects: &[],
        spoken: "\
            outfit dress dresses skirt jeans jacket sneaker makeup lipstick mascara hairstyle \
            fashion wardrobe jewelry",
    },
    TopicRule {
        id: "family",
        scenes: &[],
        objects: &[],
        spoken: "\
            wedding bride groom birthday baby babies toddler pregnancy pregnant parenting \
            grandmother grandfather anniversary diaper",
    },
    TopicRule {
        id: "money",
        scenes: &[],
        objects: &[],
        spoken: "\
            invest investing investment investor stock mortgage inflation budget loan savings \
            dividend crypto bitcoin tax taxes revenue",
    },
    TopicRule {
        id: "education",
        scenes: &[],
        objects: &[],
        spoken: "\
            school teacher student university college exam homework classroom lecture curriculum \
            tuition professor",
    },
];
