//! BLAKE2 (RFC 7693) with all parameters: key, salt, personalization, tree hashing.

/// The rows of the message schedule.
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// Columns, then diagonals.
const MIX: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// The parameters of a hash.
#[derive(Clone, Default)]
pub struct Parameters {
    pub digest_size: usize,
    pub key: Vec<u8>,
    pub salt: Vec<u8>,
    pub person: Vec<u8>,
    pub fanout: u8,
    pub depth: u8,
    pub leaf_size: u32,
    pub node_offset: u64,
    pub node_depth: u8,
    pub inner_size: u8,
    pub last_node: bool,
}

macro_rules! variant {
    ($name:ident, $word:ty, $rounds:literal, $block:literal, $rotations:expr, $iv:expr, $offset_bytes:literal) => {
        /// A hash under way.
        #[derive(Clone)]
        pub struct $name {
            h: [$word; 8],
            /// Bytes compressed so far.
            count: u128,
            block: Vec<u8>,
            pub size: usize,
            last_node: bool,
        }

        impl $name {
            const IV: [$word; 8] = $iv;
            const BYTES: usize = size_of::<$word>();

            /// A hash with these parameters; their sizes have been checked.
            pub fn new(p: &Parameters) -> $name {
                let mut bytes = vec![p.digest_size as u8, p.key.len() as u8, p.fanout, p.depth];
                bytes.extend(p.leaf_size.to_le_bytes());
                bytes.extend(&p.node_offset.to_le_bytes()[..$offset_bytes]);
                bytes.extend([p.node_depth, p.inner_size]);
                bytes.resize(4 * Self::BYTES, 0);
                bytes.extend(&p.salt);
                bytes.resize(6 * Self::BYTES, 0);
                bytes.extend(&p.person);
                bytes.resize(8 * Self::BYTES, 0);
                let mut h = Self::IV;
                for (h, b) in h.iter_mut().zip(bytes.chunks_exact(Self::BYTES)) {
                    *h ^= <$word>::from_le_bytes(b.try_into().unwrap_or_default());
                }
                let mut new = $name {
                    h,
                    count: 0,
                    block: Vec::with_capacity($block),
                    size: p.digest_size,
                    last_node: p.last_node,
                };
                if !p.key.is_empty() {
                    let mut key = p.key.clone();
                    key.resize($block, 0);
                    new.update(&key);
                }
                new
            }

            /// Adds data.
            pub fn update(&mut self, mut data: &[u8]) {
                while !data.is_empty() {
                    if self.block.len() == $block {
                        // More follows, so this was not the last block.
                        self.compress(false);
                    }
                    let n = ($block - self.block.len()).min(data.len());
                    self.block.extend_from_slice(&data[..n]);
                    data = &data[n..];
                }
            }

            fn compress(&mut self, last: bool) {
                self.count += self.block.len() as u128;
                self.block.resize($block, 0);
                let mut m = [0 as $word; 16];
                for (m, b) in m.iter_mut().zip(self.block.chunks_exact(Self::BYTES)) {
                    *m = <$word>::from_le_bytes(b.try_into().unwrap_or_default());
                }
                self.block.clear();
                let mut v = [0 as $word; 16];
                v[..8].copy_from_slice(&self.h);
                v[8..].copy_from_slice(&Self::IV);
                v[12] ^= self.count as $word;
                v[13] ^= (self.count >> (8 * Self::BYTES)) as $word;
                if last {
                    v[14] = !v[14];
                    if self.last_node {
                        v[15] = !v[15];
                    }
                }
                let r: [u32; 4] = $rotations;
                for round in 0..$rounds {
                    let s = &SIGMA[round % 10];
                    for (i, [a, b, c, d]) in MIX.into_iter().enumerate() {
                        let (x, y) = (m[s[2 * i]], m[s[2 * i + 1]]);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
                        v[d] = (v[d] ^ v[a]).rotate_right(r[0]);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(r[1]);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
                        v[d] = (v[d] ^ v[a]).rotate_right(r[2]);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(r[3]);
                    }
                }
                for i in 0..8 {
                    self.h[i] ^= v[i] ^ v[i + 8];
                }
            }

            /// The digest of what was added so far.
            pub fn digest(&self) -> Vec<u8> {
                let mut end = self.clone();
                end.compress(true);
                let mut out: Vec<u8> = end.h.iter().flat_map(|h| h.to_le_bytes()).collect();
                out.truncate(self.size);
                out
            }
        }
    };
}

variant!(
    Blake2b,
    u64,
    12,
    128,
    [32, 24, 16, 63],
    [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179,
    ],
    8
);

variant!(
    Blake2s,
    u32,
    10,
    64,
    [16, 12, 8, 7],
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
        0x5be0cd19,
    ],
    6
);
