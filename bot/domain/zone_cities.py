"""Large cities and the states of the USA by time zone, the zone with most people first, the largest city first.

A name that several zones have stands in each in which it has a tenth of the people that it has in the largest. A
city after which its zone is named is left out. From GeoNames (https://www.geonames.org), CC BY 4.0: cities of
250,000 people and more, in ASCII; a few names that people also use are added.
"""

CITIES = """\
Asia/Shanghai: Beijing, Shenzhen, Guangzhou, Chengdu, Tianjin, Wuhan, Dongguan, Xi'an, Nanjing, Hangzhou,
 Foshan, Chongqing, Wuzhong, Qingdao, Shenyang, Suzhou, Puxi, Pudong, Harbin, Hefei, Dalian, Changchun, Xiamen,
 Bao'an, Wuxi, Jinan, Taiyuan, Zhengzhou, Shijiazhuang, Kunming, Zhongshan, Nanning, Shantou, Fuzhou, Ningbo,
 Puyang, Shiyan, Tangshan, Luliang, Changzhou, Zibo, Changsha, Guiyang, Lanzhou, Huizhou, Haikou, Linyi, Baoding,
 Minhang, Bazhong, Wenzhou, Yunfu, Huai'an, Nanchang, Hohhot, Shaoxing, Nantong, Baoshan, Yantai, Zhuhai, Baotou,
 Qingyang, Kunshan, Weifang, Zunyi, Lianyungang, Ganzhou, Songjiang, Ordos, Jieyang, Jilin, Jiading, Shangqiu,
 Nanchong, Datong, Nanyang, Jiangmen, Jiangyin, Fuyang, Bayan Nur, Chaozhou, Qingyuan, Tai'an, Xining, Changshu,
 Huainan, Lu'an, Yancheng, Taizhou, Daqing, Wuhu, Dazhou, Yangzhou, Guilin, Zhaoqing, Mianyang, Wanzhou, Putian,
 Yinchuan, Yiwu, Quanzhou, Jinhua, Cixi, Changde, Kaifeng, Anshan, Baoji, Suqian, Liuzhou, Zhangjiagang,
 Jinjiang, Bozhou, Qujing, Zhanjiang, Fushun, Luoyang, Guankou, Handan, Yichang, Heze, Liupanshui, Maoming,
 Qinzhou, Luohe, Xiangyang, Yangjiang, Yixing, Qingpu, Xuchang, Zigong, Xuzhou, Neijiang, Heshan, Jining, Putuo,
 Xinyang, Liaocheng, Jinzhong, Changzhi, Tianshui, Yangpu, Weinan, Jiaxing, Zhongwei, Panjin, Jiujiang, Anyang,
 Luohu District, Fengxiang, Bijie, Zhuzhou, Shangrao, Huaibei, Xuhui, Meishan, Guigang, Hengyang, Yulin,
 Jingzhou, Xinxiang, Yichun, Xianyang, Sanya, Shaoguan, Longyan, Yongzhou, Huzhou, Wuwei, Hanzhong, Hezhou, Zhu
 Cheng City, Dongying, Luzhou, Meizhou, Yueyang, Laiwu, Benxi, Pingdingshan, Bengbu, Sanhe, Xiangtan, Linfen,
 Zhenjiang, Huludao, Jing'an, Rui'an, Laibin, Xiaogan, Ziyang, Quzhou, Zaozhuang, Pingxiang, Zhoushan, Qiqihar,
 Puning, Ankang, Langfang, Jiaozuo, Wanxian, Guang'an, Weihai, Zhabei, Xinyu, Yibin, Taicang, Jinshan, Chenzhou,
 Anqing, Xingtai, Zhaotong, Panzhihua, Chuzhou, Xuancheng, Shangyu, Anshun, Wuzhou, Qinhuangdao, Shaoyang,
 Hegang, Ma'anshan, Shizuishan, Deyang, Yangquan, Zhumadian, Changning, Zhangjiakou, Fuxin, Huangshi, Liaoyang,
 Hongkou, Baise, Binzhou, Yuncheng, Dezhou, Sanmenxia, E'zhou, Mudanjiang, Leshan, Rizhao, Suining, Chongming,
 Hebi, Jingmen, Dandong, Panshan, Jiaozhou, Suizhou, Chizhou, Ya'an, Jinzhou, Sanming, Shuangyashan, Luancheng,
 Mengzi, Yingkou, Zhangzhou, Wenchang, Siping, Chuxiong, Huaihua, Ulanqab, Jiamusi, Wanning, Xinzhou, Pingdu,
 Ji'an, Guli, Tanggu, Shangluo, Qionghai, Cangzhou, Beihai, Hengshui, Daxing'anling, Guangyuan, Xianning,
 Tonghua, Banan, Zhangye, Zhoukou, Pingliang, Huangpu, Zhucheng, Loudi, Shanwei, Jianshui, Xichang, Chengguan Qu,
 Jincheng, Yan'an, Shouguang, Jingdezhen, Jiaojiang, Nanping, Longshan, Heyuan, Huangshan, Wafangdian, Yongji,
 Lishui, Wenshan City, Chengde, Basuo, Zhangjiajie, Bei'an, Shuozhou, Ningde, Jiuquan, Dingxi, Tongchuan, Guyuan,
 Chaoyang, Jixi, Tongling, Gaomi, Chongzuo, Tanzhou, Hechuan, Xuanhua, Dachang, Fenghuang, Huanggang, Anqiu,
 Jizhou, Nanqiao, Lhoka, Pengze, Xilinhot, Hulunbuir, Daye, Chifeng, Yunlong, Qitaihe, Pizhou, Shiqi, Laixi,
 Tieling, Hechi, Tongshan, Yanji, Lincang, Xingyi, Tantou, Baicheng, Lianshan, Changyi, Xinyi, Yangshuo, Linqu,
 Pu'er, Baiyin, Gaozhou, Xiuying, Dengzhou, Qibao, Enshi, Tanghe, Zoucheng, Fangchenggang, Kaili, Xingning,
 Linxia Chengguanzhen, Longling County, Fuling, Chengzhong, Hulan Ergi, Donghai, Dongtai, Tongliao, Nianbo,
 Changle, Rugao, Suicheng, Nada, Yanzhou, Laohekou, Suihua, Peking
Asia/Kolkata: Mumbai, Delhi, Bengaluru, Hyderabad, Ahmedabad, Chennai, Surat, Pune, Jaipur, Kanpur, Navi Mumbai,
 Lucknow, Nagpur, Coimbatore, Indore, Thane, Vadodara, Bhopal, Rasapudipalem, Pimpri-Chinchwad, Patna,
 Kallakurichi, Ludhiana, Nashik, Madurai, Tirunelveli, Agra, Faridabad, Rajkot, Najafgarh, Jamshedpur, Gorakhpur,
 Pimpri, Kalyan, Dombivali, Meerut, Virar, Nowrangapur, Srinagar, Ghaziabad, Dhanbad, Aurangabad, Varanasi,
 Amritsar, Vijayawada, Ranchi, Jabalpur, Prayagraj, Visakhapatnam, Jodhpur, Gwalior, Teni, Howrah, Raipur,
 Tiruchirappalli, Kota, Shivaji Nagar, Sholapur, Chandigarh, Tiruppur, Guwahati, Hubballi, Mysuru, Salem,
 Gurugram, Bhubaneswar, Bhiwandi, Jalandhar, Rohini, Kanayannur, Bhayandar, Narela, Thiruvananthapuram, Aligarh,
 Bareilly, Moradabad, Warangal, Dharavi, Guntur, Puducherry, Jajmau, Amravati, Bikaner, Kochi, Bhilai, Cuttack,
 Borivli, Bhavnagar, Sangli, Jamnagar, Jammu, Bokaro, Nanded, Kozhikode, Kolhapur, Nellore, Kalaburagi, Ajmer,
 Dehradun, Erode, Durgapur, Ulhasnagar, Loni, Siliguri, Ujjain, Bilimora, Karol Bagh, Asansol, Mangaluru,
 Belagavi, Saharanpur, Vellore, Bhatpara, Malegaon, Gaya, Ambattur, Jalgaon, Kurnool, Ramgundam, Udaipur,
 Maheshtala, Patiala, Shyamnagar, Davangere, Akola, Rajpur Sonarpur, Korba, Jhansi, Thoothukudi, Ballari,
 Bhagalpur, Agartala, Kakinada, Latur, Panihati, Rajamahendravaram, Dhule, Rohtak, Ahilyanagar, Kollam, Bilaspur,
 Bhilwara, Brahmapur, Muzaffarpur, Punasa, Muzaffarnagar, Avadi, Kadapa, Kukatpally, Kamarhati, Mathura, Chanda,
 Vijayapura, Shivamogga, Alwar, Shahjanpur, Junagadh, New Delhi, Thrissur, Nizamabad, Tumkur, Parbhani, Hisar,
 Firozabad, Kulti, Karnal, Barddhaman, Gundupalaiyam, Barasat, Mulugu, Bihar Sharif, Bali, Rampur, Darbhanga,
 Panipat, Tirupati, Noida, Greater Noida, Aizawl, Gandhinagar, Dindigul, Thanjavur, Karimnagar, Dewas, Sonipat,
 Ichalkaranji, Bathinda, Jalna, Kirari Sulemannagar, Satna, Purnia, Imphal, Saugor, Kushinagar, Rourkela, Durg,
 Anantapur, Ratlam, Ranipet, Lal Bahadur Nagar, Arrah, Baranagar, Gajuwaka, Etawah, Ambarnath, Naihati,
 Bharatpur, Begusarai, Patan, Bombay, Bangalore, Madras
Asia/Tokyo: Yokohama, Osaka, Nagoya, Sapporo, Fukuoka, Kawasaki, Kobe, Kyoto, Saitama, Hiroshima, Sendai, Chiba,
 Kitakyushu, Setagaya, Sakai, Niigata, Hamamatsu, Ota, Kumamoto, Aihara, Okayama, Sagamihara, Edogawe, Adachi,
 Shizuoka, Honcho, Kawaguchi, Kagoshima, Suginami, Itabashi, Hachioji, Koto, Himeji, Utsunomiya, Matsuyama,
 Matsudo, Ichikawa, Higashiosaka, Nishinomiya, Kurashiki, Oita, Fukuyama, Kanazawa, Amagasaki, Katsushika,
 Fujisawa, Kashiwa, Machida, Toyota, Shinagawa, Takamatsu, Toyama, Yokosuka, Nagasaki, Hirakata, Gifu, Toyonaka,
 Miyazaki, Suita, Okazaki, Ichinomiya, Toyohashi, Minato, Takasaki, Nagano, Nara-shi, Iwaki, Wakayama, Kawagoe,
 Takatsuki, Shinjuku, Koshigaya, Otsu, Nakano, Tokorozawa, Asahikawa, Maebashi, Kita, Kochi, Koriyama, Naha,
 Kasugai, Akita, Yokkaichi, Akashi, Kurume, Toshima, Aomori, Fukushima, Morioka, Meguro, Sumida, Ibaraki,
 Ichihara, Hakodate, Tsu, Yao, Kakogawacho-honmachi, Mito, Tokushima, Nagaoka, Shimonoseki, Fuchu, Fukui-shi,
 Minato City, Hiratsuka
America/Sao_Paulo: Rio de Janeiro, Belo Horizonte, Brasilia, Curitiba, Goiania, Porto Alegre, Guarulhos,
 Campinas, Nova Iguacu, Duque de Caxias, Sorocaba, Sao Bernardo do Campo, Osasco, Sao Jose dos Campos, Ribeirao
 Preto, Santo Andre, Contagem, Londrina, Uberlandia, Juiz de Fora, Serra, Aparecida de Goiania, Florianopolis,
 Campos dos Goytacazes, Sao Jose do Rio Preto, Sao Joao de Meriti, Belford Roxo, Joinville, Niteroi, Jundiai,
 Santos, Maua, Montes Claros, Maringa, Piracicaba, Vila Velha, Diadema, Carapicuiba, Grajau, Betim, Caxias do
 Sul, Bauru, Itaquaquecetuba, Blumenau, Franca, Cariacica, Praia Grande, Uberaba, Sao Vicente, Ribeirao das
 Neves, Sao Jose dos Pinhais, Canoas, Mogi das Cruzes, Guaruja, Taubate, Pelotas, Anapolis, Barueri, Vitoria,
 Jardim Angela, Suzano, Foz do Iguacu, Ponta Grossa, Limeira, Ceilandia, Viamao, Volta Redonda, Sumare, Taboao da
 Serra, Petropolis, Santa Maria, Capao Redondo, Sao Jose, Sapopemba, Gravatai, Sacoma, Jardim Sao Luis, Cascavel,
 Indaiatuba, Novo Hamburgo, Cotia, Governador Valadares, Embu das Artes, Colombo, Toledo, Campo Grande
America/New_York: Florida, New York City, Massachusetts, Ohio, New Jersey, North Carolina, Pennsylvania,
 Virginia, Maryland, Georgia, Connecticut, Brooklyn, Queens, Philadelphia, Manhattan, The Bronx, Kentucky, South
 Carolina, District of Columbia, Jacksonville, Rhode Island, Columbus, Charlotte, Tennessee, Washington, Boston,
 Baltimore, South Boston, New Hampshire, Atlanta, Miami, Raleigh, Staten Island, Virginia Beach, Tampa,
 Cleveland, Maine, West Raleigh, Orlando, Lexington, Lexington-Fayette, Cincinnati, Pittsburgh, West Virginia,
 Meads, Greensboro, Newark, Toledo, Jersey City, Buffalo, Durham, St. Petersburg, Arlington, Delaware, Athens,
 Manchester, Vermont, NYC
Asia/Karachi: Lahore, Peshawar, Faisalabad, Rawalpindi, Gujranwala, Multan, Hyderabad, Quetta, Bannu, Sargodha,
 Sialkot, Bahawalpur, Arifwala, Dera Ismail Khan, Muzaffarabad, Battagram, Chunian, Jhang Sadr, Islamabad,
 Shekhupura, Gujrat, Sukkur, Sahiwal, Okara, Rahim Yar Khan, Kasur, Jalalpur Pirwala, Dera Ghazi Khan, Pindi
 Bhattian, Tando Bago, Tando Allahyar, Wah Cantt, Chak Jhumra, Bhawana, Larkana, Nawabshah, Burewala, Mingora,
 Sinjhoro, Hafizabad, Chiniot, Mardan, Malir Cantonment, Kamoke, Abbottabad, Saddiqabad, Mirpur Khas, Skardu,
 Muridke
Europe/Istanbul: Ankara, Bursa, Izmir, Gaziantep, Diyarbakir, Adana, Kayseri, Konya, Antalya, Esenyurt,
 Eskisehir, Cankaya, Kucukcekmece, Erzurum, Malatya, Bagcilar, Bahcelievler, Umraniye, Mersin, Nilufer, Van,
 Uskudar, Esenler, Sancaktepe, Karabaglar, Batman, Muratpasa, Sanliurfa, Elazig, Sultangazi, Maltepe, Beylikduzu,
 Antakya, Samsun, Kahramanmaras, Usak, Alanya, Atasehir, Sultanbeyli, Fatih, Tarsus, Karsiyaka, Konak, Aksaray,
 Sisli, Denizli, Batikent, Adiyaman, Adapazari, Gebze, Zeytinburnu, Merkezefendi, Corum, Sivas, Afyonkarahisar,
 Iskenderun
Africa/Lagos: Kano, Ibadan, Abuja, Port Harcourt, Kaduna, Benin City, Onitsha, Aba, Maiduguri, Ilorin, Sokoto,
 Jos, Zaria, Enugu, Warri, Oyo, Abeokuta, Akure, Bauchi, Agege, Katsina, Osogbo, Ile-Ife, Gombe, Ajegunle,
 Owerri, Calabar, Ebute Ikorodu, Okene, Ikare, Yola, Uyo, Ado-Ekiti, Ogbomoso, Minna, Lekki, Bida, Makurdi, Ondo,
 Umuahia, Iseyin, Yenagoa, Gboko, Ijebu Ode, Obalende, Ilesa, Ikeja, Akowonjo, Alimosho, Sapele, Efon-Alaaye,
 Owo, Ikot Ekpene, Ota, Iwo
Europe/Moscow: Petersburg, Saint Petersburg, Nizhniy Novgorod, Kazan, Rostov-on-Don, Voronezh, Krasnodar, Yaroslavl,
 Makhachkala, Ryazan', Penza, Naberezhnyye Chelny, Lipetsk, Kalininskiy, Cheboksary, Tula, Kursk, Stavropol,
 Bryansk, Tver, Ivanovo, Vladimir, Arkhangel'sk, Belgorod, Kaluga, Krasnogvargeisky, Smolensk, Sochi, Saransk,
 Cherepovets, Vologda, Vladikavkaz, Orel, Grozny, Murmansk, Tambov, Petrozavodsk, Taganrog, Kostroma, Yoshkar-Ola
Asia/Jakarta: Surabaya, Bekasi, Bandung, Medan, Depok, Tangerang, Palembang, Semarang, South Tangerang, Batam,
 Jepara, Pekanbaru, Bandar Lampung, Bogor, Padang, Malang, Tasikmalaya, Serang, Situbondo, Jambi City, Cimahi,
 Surakarta, Cilegon, Bengkulu, Yogyakarta, Sukabumi, Cibinong, Dumai, Cirebon, Pekalongan, Percut, Karawang,
 Kediri, Jember, Tegal, Cileungsir, Binjai, Pematangsiantar, Banda Aceh, Pasarkemis, Cilacap
Asia/Manila: Quezon City, Davao, Caloocan, Taguig, Budta, Malingao, Zamboanga, Cebu City, Antipolo, Pasig City,
 Cagayan de Oro, Valenzuela, General Santos, Paranaque City, Las Pinas, Calamba, Muntinlupa, Makati City, Lapu-
 Lapu City, Angeles City, Imus, Iloilo, Marikina City, Mandaluyong City, Bacolod City, Mansilingan, Dasmarinas,
 Mandaluyong, Pasay, Tarlac City, Cotabato, Malabon, San Jose del Monte, Bacoor, San Pedro, Cabanatuan City,
 Iligan, Mandaue City, Iligan City, Butuan, Cabuyao, San Pablo, Binan, Santol, Cainta, Baguio, Malolos,
 Mantampay, Bagong Silang, Marawi City, Tacloban, San Fernando, Libertad, Toledo, San Jose, San Juan, Rosario,
 Tabuk
Europe/Berlin: Hamburg, Munich, Koln, Frankfurt am Main, Dusseldorf, Stuttgart, Essen, Dortmund, Dresden,
 Bremen, Nuremberg, Hannover, Leipzig, Duisburg, Wandsbek, Bochum, Wuppertal, Bielefeld, Bonn, Hamburg-Nord,
 Munster, Mannheim, Hamburg-Mitte, Augsburg, Wiesbaden, Marienthal, Karlsruhe, Gelsenkirchen, Eimsbuttel, Aachen,
 Monchengladbach, Kiel, Altona, Munchen
America/Mexico_City: Iztapalapa, Puebla, Ecatepec de Morelos, Santiago de Queretaro, Leon de los Aldama,
 Zapopan, Guadalajara, Gustavo Adolfo Madero, Ciudad Nezahualcoyotl, Naucalpan de Juarez, Morelia, Alvaro
 Obregon, Aguascalientes, Acapulco de Juarez, Tlalnepantla, Tlaquepaque, Coyoacan, Tlalpan, Cuautitlan Izcalli,
 Cuauhtemoc, Toluca, Ciudad Lopez Mateos, Xochimilco, Venustiano Carranza, Veracruz, Xalapa de Enriquez,
 Azcapotzalco, Tonala, Ojo de Agua, Benito Juarez, Xico, Iztacalco, Irapuato, Miguel Hidalgo, Celaya, Cuernavaca,
 Soledad de Graciano Sanchez, Ixtapaluca, Coatzacoalcos, Tlahuac, Uruapan, Cholula, Nicolas Romero, Zumpango,
 Coacalco, Pachuca de Soto, Oaxaca, Colonia del Valle, Guadalupe
Europe/London: London, Birmingham, Glasgow, Manchester, Sheffield, Leeds, Edinburgh, Liverpool, Bristol,
 Cardiff, Leicester, Bradford, Belfast, Coventry, Brent, Birkenhead, Nottingham, Islington, Reading, Kingston
 upon Hull, Preston, Swansea, Newcastle upon Tyne, Southend-on-Sea, Brighton, Derby, Southampton, Wolverhampton,
 Plymouth, Stoke-on-Trent, Milton Keynes, Lincoln
America/Chicago: Texas, Illinois, Minnesota, Tennessee, Missouri, Wisconsin, Houston, Oklahoma, Alabama,
 Louisiana, Kansas, San Antonio, Iowa, Dallas, Arkansas, Nebraska, Fort Worth, Mississippi, Austin, Nashville,
 Oklahoma City, Indiana, New South Memphis, Memphis, Milwaukee, Omaha, Kansas City, Tulsa, Minneapolis, Wichita,
 Arlington, North Dakota, New Orleans, Corpus Christi, Saint Paul, Lincoln, Plano, Madison, St. Louis, South
 Dakota, Laredo, Kentucky, Aurora, Birmingham
Asia/Tehran: Mashhad, Isfahan, Karaj, Tabriz, Shiraz, Qom, Ahvaz, Kermanshah, Rasht, Kerman, Orumiyeh, Zahedan,
 Hamadan, Arak, Yazd, Eslamshahr, Ardabil, Zanjan, Bandar Abbas, Sanandaj, Qazvin, Khorramshahr, Khorramabad,
 Shahriar, Qods, Kashan, Khomeyni Shahr, Dezful, Maragheh, Sari, Borujerd, Qarchak
Asia/Bangkok: Hanoi, Haiphong, Hue, Thanh Hoa, Vinh, Bac Giang, Thai Nguyen, Viet Tri, Samut Prakan, Long Bien,
 Gia Lam, Hai Ba Trung, Nghi Son, Thanh Xuan, Cau Giay, Bac Ninh, Ba Vi, Ha Long, Ha Tinh, Mueang Nonthaburi
Africa/Johannesburg: Cape Town, Durban, Pretoria, Soweto, Gqeberha, Soshanguve, Pietermaritzburg, Evaton,
 Benoni, Bloemfontein, Thembisa, East London, Vereeniging, Boksburg, Welkom, Newcastle, Krugersdorp, Rustenburg,
 Emalahleni, Diepsloot, Randburg, Roodepoort, Botshabelo, Brakpan, Kariega, Polokwane, Germiston, Richards Bay
Asia/Seoul: Busan, Incheon, Daegu, Daejeon, Gwangju, Suwon, Ulsan, Goyang-si, Changwon, Seongnam-si, Cheongju-
 si, Bucheon-si, Cheonan, Hwaseong-si, Jeonju, Ansan-si, Anyang-si, Kimhae, Pohang, Jeju City, Uijeongbu-si,
 Masan, Gumi, Sejong, Pyeongtaek, Yangsan, Gwangmyeong, Wonju, Chinju, Iksan, Gunpo, Chuncheon, Suncheon, Yeosu,
 Mokpo, Gyeongsan-si, Gunsan, Hanam
Africa/Cairo: Alexandria, Giza, Shubra al Khaymah, Port Said, Suez, Madinat an Nasr, Al Mansurah, Al Mahallah al
 Kubra, Tanta, Assiut, Al Fayyum, Al Khusus, Esna, Zagazig, Ismailia, Luxor, Kom Ombo, Aswan, 6th of October
 City, Hada'iq al Qubbah, Damanhur, New Cairo, Al Qahirah al Jadidah, Damietta, Rosetta, Minya, Bani Suwayf,
 Shibin al Kawm, Sohag, Qina
America/Los_Angeles: Washington, California, Los Angeles, Nevada, Oregon,
 San Diego, San Jose, San Francisco, Seattle,
 Portland, Las Vegas, Fresno, Sacramento, Long Beach, Oakland, Bakersfield, Anaheim, Riverside, Santa Ana,
 Stockton, Henderson, Chula Vista, Reno, Irvine, Vancouver, Salem, Idaho, Santa Clara, Santa Maria, LA, SF, Bay
 Area
Europe/Madrid: Madrid, Barcelona, Valencia, Zaragoza, Sevilla, Malaga, Murcia, Palma, Alicante, Bilbao, Cordoba,
 Valladolid, Vigo, Gijon, Eixample, L'Hospitalet de Llobregat, Latina, Carabanchel, A Coruna, Cartagena
Asia/Ho_Chi_Minh: Ho Chi Minh City, Can Tho, Da Nang, Bien Hoa, Thuan An, Nha Trang, Cho Lon, Binh Thanh, Qui
 Nhon, Vung Tau, Di An, Rach Gia, Buon Ma Thuot, Quan Muoi, Thu Dau Mot, Ben Cat, Bac Tu Liem, Quan Muoi Mot, An
 Nhon, Phu Quoc, Phu My, Long Xuyen, Quang Ngai, Quan Sau, My Tho, Xuan Loc
America/Bogota: Cali, Medellin, Barranquilla, Kennedy, Cartagena, Cucuta, Soacha, Bucaramanga, Ibague, Santa
 Marta, Monteria, Valledupar, Pereira, Manizales, Buenaventura, Bello, Pasto, Neiva, Soledad, Villavicencio,
 Popayan, Palmira, Armenia, Itagui, Sincelejo, Floridablanca
Asia/Dhaka: Chattogram, Gazipur, Khulna, Rangpur, Rajshahi, Comilla, Pallabi, Mirpur Model Thana, Mohammadpur,
 Hathazari, Bandarban, Shibganj, Natore, Kafrul, Tungi, Bhatara, Savar, Narsingdi, Nagar Naluakot, Bagerhat,
 Brahmanbaria, Cox's Bazar
Europe/Kyiv: Kharkiv, Odesa, Dnipro, Donetsk, Lviv, Zaporizhzhya, Kryvyy Rih, Mykolayiv, Vinnytsya, Saltivka,
 Luhansk, Desna, Dniprovskyi, Pravyi Bereh, Darnytsya, Makiyivka, Chernihiv, Poltava, Khmelnytskyi, Cherkasy,
 Chernivtsi, Zhytomyr, Sumy
Europe/Rome: Milan, Naples, Turin, Palermo, Genoa, Bologna, Florence, Bari, Catania, Verona, Roma
Asia/Kuala_Lumpur: Johor Bahru, Kampung Baru Subang, Petaling Jaya, Ipoh, Shah Alam, Subang Jaya, Bukit Rahman
 Putra, Pelentong, Malacca, Iskandar Puteri, Kota Bharu, Kuantan, Kota Kuala Muda, Sungai Petani, Selayang Baru
 Utara, Pasir Gudang, Mukim Pulai, Kota Damansara, Kampung Larkin Lama, Kuala Terengganu, Taman Petaling, Alor
 Setar, Kampung Kangkar Teberau, Puchong, Seremban, Setapak, Kluang, Muar, Kapar, Batu Caves
Europe/Paris: Marseille, Lyon, Toulouse, Nice, Nantes, Marne La Vallee, Strasbourg, Bordeaux, Brest
Asia/Baghdad: Al Mawsil al Jadidah, Al Basrah al Qadimah, Mosul, Erbil, Basrah, Karbala, Sadr City, Kirkuk, Abu
 Ghurayb, Sulaymaniyah, Nasiriyah, Najaf, Al Hillah, Abu al-Kahsib, Al Mahmudiyah, Dihok, Al 'Amarah, Al
 Diwaniyah, Al-Kut, Al Madinah, Kelar
America/Caracas: Maracaibo, Valencia, Barquisimeto, Ciudad Guayana, Barcelona, Maturin, Maracay, Ciudad Bolivar,
 Cumana, Barinas, Puerto La Cruz, Petare, Cabimas, Turmero, Merida, San Cristobal, Alto Barinas, Santa Teresa del
 Tuy, Los Teques
Asia/Taipei: New Taipei City, Taichung, Kaohsiung, Tainan, Banqiao, Taoyuan, Hsinchu, Keelung, Fengshan, Neihu,
 Chiayi City
Asia/Hong_Kong: New Territories, Kowloon, Hong Kong Island, Victoria, Tuen Mun, Sha Tin, Sham Shui Po, Wong Tai
 Sin, Kowloon City, Tseung Kwan O, Kwai Chung, Tsuen Wan, Tin Shui Wai, Tai Po, Fanling
America/Toronto: Montreal, Ottawa, Mississauga, Brampton, Hamilton, Quebec, Laval, Etobicoke, Markham, Vaughan,
 Gatineau, Kitchener, Kingston
Asia/Riyadh: Jeddah, Makkah, Madinah, Dammam, Sultanah, Buraydah, Ta'if, Tabuk, Ha'il, Najran, Al Kharj, Khamis
 Mushait, Al Hufuf, Al Mubarraz, Hafar Al-Batin
Africa/Luanda: Mulenvos, Viana, Kikolo, Maianga, Camama, Golfe, Calumbo, Hoji ya Henda, Lubango, Huambo,
 Benguela, Cabinda, Talatona, Nova Vida, Malanje, Kima Kieza, Cazenga, Lobito, Saurimo, Samba, Cuito, Ramiros,
 Uige, Luena, Vila Flor, Mossamedes, Menongue
Africa/Casablanca: Rabat, Fes, Tangier, Marrakesh, Sale, Agadir, Meknes, Oujda, Kenitra, Tetouan, Al Hoceima,
 Temara, Safi
Europe/Warsaw: Krakow, Wroclaw, Lodz, Poznan, Gdansk, Szczecin, Lublin, Bydgoszcz, Bialystok, Katowice, Gdynia
America/Lima: Callao, Arequipa, Trujillo, Piura, Chiclayo, Huancayo, Cusco, Iquitos, Pucallpa, Chimbote, Tacna,
 Ica, Santiago de Surco
Africa/Dar_es_Salaam: Mwanza, Dodoma, Zanzibar, Arusha, Mbeya, Morogoro, Kahama, Tanga, Geita, Tabora,
 Sumbawanga, Songea, Kibaha, Bariadi
America/Fortaleza: Sao Luis, Natal, Teresina, Joao Pessoa, Caucaia, Campina Grande, Parnamirim, Mossoro
Africa/Kinshasa: Kikwit, Masina, Mbandaka, Matadi, Boma
Africa/Algiers: Oran, Constantine, Annaba, Blida, Batna, Bab Ezzouar, Djelfa, Setif
Africa/Addis_Ababa: Jijiga, Gonder, Mek'ele, Nazret, Warder, Awasa, Bahir Dar, Dire Dawa, Dessie, Jimma
Asia/Yangon: Mandalay, Nay Pyi Taw, Hlaingthaya, Mawlamyine, Kalemyo
Africa/Abidjan: Abobo, Bouake, Korhogo, Daloa, Koumassi, San-Pedro, Gagnoa, Yamoussoukro
Africa/Nairobi: Kakamega, Mombasa, Nakuru, Ruiru, Eldoret, Kisumu, Kikuyu, Thika
Africa/Lubumbashi: Mbuji-Mayi, Kananga, Kisangani, Bukavu, Kolwezi, Likasi, Tshikapa, Goma, Uvira, Bunia, Mwene,
 Butembo, Isiro
America/Santiago: Santiago, Puente Alto, Maipu, Antofagasta, Vina del Mar, Valparaiso, Nunoa
Asia/Yekaterinburg: Chelyabinsk, Ufa, Perm, Tyumen, Orenburg, Magnitogorsk, Nizhny Tagil, Kurgan, Surgut,
 Sterlitamak
Europe/Amsterdam: Rotterdam, The Hague, Utrecht
Asia/Dubai: Abu Dhabi, Sharjah, Al Ain City, Ajman, Dayrah, Ras Al Khaimah
Asia/Pyongyang: Hamhung, Namp'o, Sunch'on, Hungnam, Kaesong, Wonsan, Chongjin, Man'gyongdae-ri, Kaech'on,
 Sariwon-si, Sinuiju
America/Bahia: Salvador, Feira de Santana, Vitoria da Conquista
Asia/Makassar: Samarinda, Balikpapan, Denpasar, Banjarmasin, Kupang, Manado, Mataram, Palu, Kendari, Banjarbaru,
 Tarakan
America/Havana: Santiago de Cuba, Camaguey, Holguin, Guantanamo, Santa Clara
Africa/Khartoum: Omdurman, Khartoum North, Nyala, Port Sudan, Kassala, El Obeid, Al Qadarif, Kosti, Wad Medani,
 El Daein, El Fasher, Singa
Asia/Singapore: Ulu Bedok, Bedok New Town, Sengkang New Town, Tampines Estate, Jurong Town, Tampines New Town,
 Woodlands, Jurong West
America/Guayaquil: Quito, Cuenca, Santo Domingo de los Colorados, Ambato, Portoviejo, Eloy Alfaro, Machala,
 Loja, Manta, Riobamba
Asia/Urumqi: Shihezi, Korla, Aqsu, Kashgar, Gujangbagh, Huocheng, Artux, Xinyuan, Turpan, Ghulja, Karamay
America/Argentina/Buenos_Aires: Mar del Plata, Avellaneda, Bahia Blanca, Merlo, Quilmes
Africa/Accra: Kumasi, Tamale, Takoradi, Sekondi
Europe/Bucharest: Sector 3, Iasi, Sector 6, Constanta, Sector 2, Sector 4, Cluj-Napoca, Sector 5, Brasov,
 Timisoara
Asia/Damascus: Aleppo, Homs, Latakia, Ar Raqqah, Hamah, Tartus, Al Hasakah, Deir ez-Zor
Africa/Dakar: Pikine, Touba, Guediawaye, Thies, Kaolack, Rufisque, Mbour, Saint-Louis, Thies Nones
America/Monterrey: Torreon, San Luis Potosi, Saltillo, Guadalupe, Victoria de Durango, Ciudad Apodaca, Ciudad
 General Escobedo, San Nicolas de los Garza, Ciudad Victoria, Tampico, Ciudad Benito Juarez, Santa Catarina,
 Gomez Palacio
Africa/Kampala: Nansana, Kira, Bunamwaya, Kyengera
Europe/Budapest: Pest, Buda
Australia/Sydney: Sydney, Newcastle, Canberra, Central Coast, Wollongong
Australia/Melbourne: Geelong
America/Denver: Colorado, Utah, New Mexico, El Paso, Albuquerque, Colorado Springs, Montana, Aurora, Wyoming,
 South Dakota, North Dakota
Asia/Almaty: Astana, Shymkent, Karagandy, Taraz, Pavlodar, Ust-Kamenogorsk, Semey
Europe/Brussels: Antwerp, Gent
America/Argentina/Cordoba: Cordoba, Rosario, Santa Fe, Corrientes, Posadas, Resistencia, Santiago del Estero
America/Recife: Jaboatao dos Guararapes, Caruaru, Petrolina, Olinda, Paulista
Asia/Kabul: Herat, Mazar-e Sharif, Kandahar, Jalalabad
Africa/Maputo: Matola, Nampula, Beira, Chimoio, Tete, Quelimane, Lichinga
Africa/Lusaka: Kitwe, Ndola, Chipata, Solwezi, Kabwe, Chingola
Africa/Douala: Yaounde, Bamenda, Bafoussam, Maroua
Asia/Jerusalem: Tel Aviv, West Jerusalem, Haifa, Rishon LeTsiyyon, Petah Tiqva
Africa/Bamako: Sikasso
America/Santo_Domingo: Santiago de los Caballeros, Santo Domingo Oeste, Santo Domingo Este, San Cristobal
Asia/Tashkent: Andijon, Namangan, Yunusobod, Fergana, Chilanzar, Qo'qon, Marg'ilon
America/Belem: Macapa, Ananindeua, Parauapebas
America/Guatemala: Guatemala City, Villa Nueva, Mixco
Africa/Tunis: Sfax
Europe/Stockholm: Gothenburg, Malmo
America/La_Paz: La Paz, Santa Cruz de la Sierra, Cochabamba
Asia/Aden: Sanaa, Taiz, Ibb, Al Hudaydah, Mukalla
Africa/Conakry: Camayenne
America/Phoenix: Arizona, Tucson, Mesa, Chandler
Europe/Lisbon: Porto
America/Vancouver: Vancouver, Surrey, Victoria
Europe/Athens: Athens, Thessaloniki
Africa/Mogadishu: Borama, Hargeysa
Africa/Ouagadougou: Bobo-Dioulasso
Indian/Antananarivo: Toamasina, Antsirabe, Mahajanga
Africa/Tripoli: Tripoli, Benghazi, Misratah
Europe/Minsk: Homyel', Hrodna, Vitebsk, Mahilyow, Brest
Europe/Prague: Brno, Ostrava
Asia/Kathmandu: Pokhara, Bharatpur, Patan, Birganj
Australia/Brisbane: Gold Coast, Sunshine Coast, Logan City
Europe/Belgrade: Pristina, Nis
Asia/Baku: Sumgayit, Ganja
Europe/Vienna: Graz, Wien
Europe/Helsinki: Espoo, Tampere, Vantaa
Pacific/Auckland: Christchurch, Wellington, Manukau City, North Shore, Hamilton
America/Port-au-Prince: Carrefour, Delmas, Petionville, Port-de-Paix, Saint-Marc
Asia/Amman: Zarqa, Irbid, Russeifa, Hayy Khilda
America/Tegucigalpa: San Pedro Sula
America/Maceio: Aracaju
Africa/Harare: Bulawayo, Chitungwiza
Asia/Beirut: Ra's Bayrut, Tripoli
America/Detroit: Michigan
Asia/Colombo: Colombo
America/Merida: Merida, Tuxtla, Tapachula, Villahermosa
Asia/Phnom_Penh: Takeo
Europe/Sofia: Plovdiv, Varna
Asia/Kuching: Kota Kinabalu, Sandakan, Tawau, Miri
Africa/Porto-Novo: Cotonou, Abomey-Calavi, Parakou, Godome
America/Manaus:
Asia/Samarkand: Nukus, Bukhara, Qarshi
Europe/Copenhagen: Arhus
America/Tijuana: Mexicali, Ensenada
Africa/Brazzaville: Pointe-Noire
Africa/Niamey: Maradi, Zinder
America/Asuncion: Ciudad del Este
Europe/Samara: Tolyatti, Izhevsk
America/Edmonton: Calgary
Europe/Zurich: Geneva
Africa/Ndjamena: N'Djamena
Asia/Muscat: Seeb, Bawshar
Europe/Oslo: Bergen
Africa/Lome:
Australia/Perth:
America/Cuiaba: Varzea Grande, Rondonopolis
Africa/Blantyre: Lilongwe
America/Mazatlan: Culiacan, Tepic, Los Mochis, La Paz
Africa/Kigali:
Asia/Yerevan:
Asia/Ashgabat:
Europe/Dublin: South Dublin
America/Indiana/Indianapolis: Indiana, Fort Wayne
America/Managua:
Asia/Krasnoyarsk:
Africa/Bangui: Bimbo, Begoua
Asia/Dushanbe: Isfara, Istaravshan
America/El_Salvador: San Salvador, Soyapango, Santa Ana
Europe/Bratislava:
Asia/Vladivostok: Khabarovsk, Komsomolsk-on-Amur
Asia/Jayapura: Ambon
America/Montevideo:
Asia/Novokuznetsk: Kemerovo
America/Campo_Grande: Campo Grande
Asia/Irkutsk: Ulan-Ude, Bratsk
America/Hermosillo: Ciudad Obregon, Nogales
Asia/Bishkek: Osh
Africa/Nouakchott:
Africa/Monrovia:
America/Argentina/Salta:
Asia/Novosibirsk:
Europe/Vilnius: Kaunas
America/Jamaica: Kingston, New Kingston
Atlantic/Canary: Las Palmas de Gran Canaria
Europe/Sarajevo:
America/Matamoros: Reynosa, Heroica Matamoros, Nuevo Laredo
Europe/Volgograd: Volzhsky
Asia/Tbilisi:
Asia/Pontianak: Palangkaraya, Singkawang
Europe/Skopje:
Africa/Freetown: Kenema
Africa/Libreville:
Australia/Adelaide:
Europe/Saratov:
America/Panama: Panama City, San Miguelito
Africa/Juba: Winejok, Yei
Asia/Kuwait: Al Ahmadi
Europe/Zagreb:
Europe/Tirane: Tirana
America/Puerto_Rico: San Juan
Pacific/Honolulu: Hawaii
Asia/Qatar: Doha, Ar Rayyan
Asia/Vientiane:
Europe/Simferopol: Sevastopol
America/Chihuahua: Cuauhtemoc
America/Ciudad_Juarez:
America/Porto_Velho:
Europe/Chisinau:
America/Costa_Rica: San Jose
Asia/Ulaanbaatar: Ulan Bator
Asia/Hebron: East Jerusalem
Asia/Barnaul:
America/Cancun:
Africa/Djibouti: Balbala
Africa/Banjul: Serekunda
Africa/Gaborone:
Africa/Bujumbura:
Asia/Omsk:
Asia/Macau:
Europe/Riga:
Asia/Gaza:
America/Santarem:
Europe/Tallinn:
Africa/Windhoek:
America/Regina: Saskatoon
America/Winnipeg:
America/Kentucky/Louisville: Kentucky
Africa/Bissau:
Asia/Yakutsk:
America/Halifax:
Asia/Bahrain:
America/Araguaina: Palmas
Europe/Ulyanovsk:
Indian/Reunion:
America/Argentina/Tucuman: San Miguel de Tucuman
America/Rio_Branco:
Asia/Tomsk:
Europe/Kirov:
Africa/Asmara:
Africa/Maseru:
America/Boise: Idaho
Indian/Mauritius:
Asia/Nicosia:
Europe/Kaliningrad:
Europe/Astrakhan:
Asia/Aqtobe: Aktobe
Pacific/Port_Moresby:
America/Argentina/Catamarca:
Europe/Ljubljana:
America/Boa_Vista:
Asia/Qostanay:
America/Argentina/San_Juan: San Juan
Asia/Qyzylorda: Kyzylorda
America/Argentina/Mendoza:
Asia/Chita:
America/Port_of_Spain:
America/Paramaribo:
America/Argentina/Jujuy: San Salvador de Jujuy
Europe/Podgorica:
Australia/Hobart:
Asia/Atyrau:
America/Moncton:
Africa/El_Aaiun:
America/Anchorage: Alaska
Asia/Oral:
Africa/Malabo:
Pacific/Fiji:
Asia/Sakhalin:
America/Nassau:
America/Guyana:
Asia/Dili:
Asia/Aqtau:
America/Argentina/San_Luis:
Asia/Brunei:
Atlantic/Cape_Verde:
America/Guadeloupe:
Asia/Kamchatka:
Atlantic/Reykjavik:
America/Martinique:
America/Argentina/Rio_Gallegos:
America/Argentina/La_Rioja:
Atlantic/Madeira:
America/St_Johns:
Australia/Darwin:
Pacific/Guadalcanal:
Africa/Mbabane:
Asia/Thimphu:
America/Cayenne:
America/Curacao:
Europe/Malta:
Indian/Mayotte:
Pacific/Noumea:
America/Punta_Arenas:
America/Belize:
Europe/Luxembourg:
America/Glace_Bay:
Asia/Hovd:
Pacific/Guam:
Indian/Comoro:
America/Eirunepe:
Asia/Famagusta:
America/Argentina/Ushuaia:
Indian/Maldives:
America/Barbados:
Asia/Magadan:
America/Aruba:
Africa/Ceuta:
Pacific/Tahiti:
America/St_Thomas:
America/Coyhaique:
Africa/Sao_Tome:
America/Antigua:
America/Ojinaga:
Europe/Monaco:
America/St_Vincent:
Pacific/Saipan:
Pacific/Majuro:
America/St_Lucia:
America/Cayman:
Pacific/Apia:
Pacific/Tarawa:
Pacific/Bougainville:
Europe/Andorra:
America/Bahia_Banderas:
Pacific/Efate:
America/Juneau: Alaska
America/Whitehorse:
Europe/Jersey:
America/Grand_Turk:
Europe/Gibraltar:
Europe/Isle_of_Man:
Indian/Mahe:
Pacific/Tongatapu:
America/Dawson_Creek:
America/North_Dakota/New_Salem: North Dakota
Atlantic/Azores:
Australia/Broken_Hill:
America/Swift_Current:
America/Dominica:
Europe/Guernsey:
Asia/Anadyr:
America/Indiana/Vincennes:
America/Nuuk:
Pacific/Rarotonga:
Atlantic/Faroe:
America/St_Kitts:
Pacific/Pago_Pago:
Europe/Mariehamn:
America/Kralendijk:
America/Tortola:
America/Grenada:
Pacific/Pohnpei:
Pacific/Funafuti:
America/Miquelon:
America/St_Barthelemy:
America/Marigot:
Europe/Vaduz:
Europe/San_Marino:
Arctic/Longyearbyen:
Atlantic/Stanley:
America/Anguilla:
America/Lower_Princes:
Pacific/Wallis:
Pacific/Nauru:
America/Montserrat:
Atlantic/Bermuda:
Pacific/Norfolk:
Europe/Vatican:
Atlantic/St_Helena:
Pacific/Niue:
Indian/Christmas:
Indian/Cocos:
Pacific/Pitcairn:
Indian/Kerguelen:
Atlantic/South_Georgia:
Pacific/Palau:
"""
